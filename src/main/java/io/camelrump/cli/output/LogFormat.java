package io.camelrump.cli.output;

/** How the log is written. */
public enum LogFormat {
    /** For people: a line with its time. */
    TEXT,
    /** For collectors: one object a line. */
    JSON;

    public static final String FLAG = "--log-format";

    /** The format that the words ask for, before it is known whether they make sense. */
    public static LogFormat typed(String[] words) {
        for (int i = 0; i < words.length; i++) {
            String word = words[i].replaceFirst("^-(?!-)", "--");
            boolean named = word.equals(FLAG) && i + 1 < words.length && words[i + 1].equalsIgnoreCase(JSON.name());
            if (named || word.equalsIgnoreCase(FLAG + "=" + JSON.name())) {
                return JSON;
            }
        }
        return TEXT;
    }
}
