package io.camelrump.cli;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Log lines of a run: each with its time, to standard error. Must be set up before the first logger is made. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";
    private static final String TIME_FORMAT = "yyyy-MM-dd'T'HH:mm:ssXXX";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(TIME_FORMAT, Locale.ROOT);

    private Logging() {}

    static void setUp(boolean silent) {
        set("showDateTime", "true");
        set("dateTimeFormat", TIME_FORMAT);
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showShortLogName", "false");
        set("levelInBrackets", "false");
        set("logFile", "System.err");
        // the default level is that of the user's own steps, such as log
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

    /** A line of our own among those of the log. */
    static String stamped(String line) {
        return TIME.format(OffsetDateTime.now()) + " " + line;
    }

    /** Whether the person wants stack traces. */
    static boolean showsTraces() {
        return "1".equals(System.getenv("RUMP_DEBUG"));
    }

    private static void set(String property, String value) {
        System.setProperty(PREFIX + property, value);
    }
}
