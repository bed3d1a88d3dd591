package io.camelrump.cli;

/** Log lines of a run: plain lines to standard error. Must be set up before the first logger is made. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    static void setUp(boolean silent) {
        set("showDateTime", "false");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showShortLogName", "false");
        set("levelInBrackets", "false");
        set("logFile", "System.err");
        // the default level is that of a person's own steps, such as log
        set("defaultLogLevel", silent ? "error" : "info");
        set("log.org.apache.camel", showsTraces() ? "warn" : "error");
        set("log.redis.clients", showsTraces() ? "warn" : "error");
        if (!showsTraces()) {
            // these print how the run ended, and failures with stack traces; the command's last words say it
            set("log.io.camelrump.RumpConsumer", "off");
            set("log.io.camelrump.RunEnd", "off");
            set("log.io.camelrump.RumpProducer", "off");
            set("log.org.apache.camel.impl", "off");
            set("log.org.apache.camel.main", "off");
        }
    }

    /** Whether the person wants stack traces. */
    static boolean showsTraces() {
        return "1".equals(System.getenv("RUMP_DEBUG"));
    }

    private static void set(String property, String value) {
        System.setProperty(PREFIX + property, value);
    }
}
