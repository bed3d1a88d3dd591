package io.camelrump.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.slf4j.LoggerFactory;

/** Log lines of a run: each with its time, to standard error. Must be set up before the first logger is made. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    static void setUp(boolean silent) {
        // a time is set before each line here: the format that this logger knows takes 20 ms of each start
        set("showDateTime", "false");
        set("cacheOutputStream", "true");
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
            // it prints each attempt to connect again with its trace; our connection says it once
            set("log.org.springframework.data.redis.listener.RedisMessageListenerContainer", "off");
        }
        PrintStream err = System.err;
        System.setErr(new StampedLines(err));
        LoggerFactory.getILoggerFactory();
        System.setErr(err);
    }

    /** A line of our own among those of the log. */
    static String stamped(String line) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS)) + " " + line;
    }

    /** Whether the person wants stack traces. */
    static boolean showsTraces() {
        return "1".equals(System.getenv("RUMP_DEBUG"));
    }

    private static void set(String property, String value) {
        System.setProperty(PREFIX + property, value);
    }

    /** Takes lines of the log, and sets the time before each; stack traces follow as they are. */
    private static final class StampedLines extends PrintStream {
        StampedLines(PrintStream err) {
            super(err, false, StandardCharsets.UTF_8);
        }

        @Override
        public void println(String line) {
            System.err.println(stamped(line));
        }

        @Override
        public void println(Object line) {
            System.err.println(line);
        }
    }
}
