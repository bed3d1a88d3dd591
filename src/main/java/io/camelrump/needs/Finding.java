package io.camelrump.needs;

/**
 * A finding about one need of a run.
 *
 * @param found the state of things, in a phrase
 * @param toDo what a person should do; empty if nothing
 */
public record Finding(String name, Verdict verdict, String found, String toDo) {

    /** Whether the run can go ahead as far as this need goes. */
    public enum Verdict {
        YES,
        NO,
        /** The need is met, and there is something to know. */
        NOTE
    }

    public Finding {
        if (verdict == Verdict.NO && toDo.isBlank()) {
            throw new IllegalArgumentException("a need that is not met has to say what to do: " + name);
        }
    }

    public static Finding yes(String name, String found) {
        return new Finding(name, Verdict.YES, found, "");
    }

    public static Finding no(String name, String found, String toDo) {
        return new Finding(name, Verdict.NO, found, toDo);
    }

    public static Finding note(String name, String found, String toDo) {
        return new Finding(name, Verdict.NOTE, found, toDo);
    }
}
