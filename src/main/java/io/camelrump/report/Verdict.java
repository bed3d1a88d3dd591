package io.camelrump.report;

import com.fasterxml.jackson.databind.JsonNode;

/** How good the end of a run is. */
enum Verdict {
    GOOD,
    FAIR,
    BAD;

    private static final int COMPLETE = 0;
    private static final int DIFFERENT = 5;
    private static final int REFUSED = 6;

    static Verdict of(JsonNode document) {
        return switch (document.path("exitCode").asInt(-1)) {
            case COMPLETE -> GOOD;
            case DIFFERENT, REFUSED -> FAIR;
            default -> BAD;
        };
    }

    /** The result as a heading. */
    static String shown(JsonNode document) {
        String result = document.path("result").asText().replace('_', ' ');
        return document.path("dryRun").asBoolean() ? result + " (dry run)" : result;
    }

    static String sentence(JsonNode document) {
        String sentence =
                switch (document.path("result").asText()) {
                    case "COMPLETE" -> "Every key of the source was dealt with, and none was refused.";
                    case "CONVERGED" -> "Both sides were found equal after the last change, and the run ended.";
                    case "RELEASED" -> "The way back was ended by its operator.";
                    case "REFUSED" -> "The run came to its end, but some keys were refused or could not be read.";
                    case "NOT CONVERGED" -> "Both sides were not found equal by the end of the cutover.";
                    case "INCOMPLETE" -> "The run did not come to its end: some keys may be missing at the target.";
                    case "FAILED" -> "The run failed: some keys may be missing at the target.";
                    case "EQUAL" -> "Every key that was compared is equal at both sides.";
                    case "DIFFERENT" -> "Some keys differ between both sides.";
                    case "UNREADABLE" -> "Both sides are equal, but for keys that could not be read.";
                    case "READY" -> "Both servers are ready for this migration.";
                    case "NOT_READY" -> "Something must be done before this migration can begin.";
                    default -> "";
                };
        JsonNode code = document.path("exitCode");
        return code.isNumber()
                ? sentence + " Exit code " + code.asInt() + " ("
                        + document.path("exitName").asText() + ")."
                : sentence;
    }
}
