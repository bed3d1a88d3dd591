package io.camelrump.cli;

import io.camelrump.cli.output.LogFormat;
import io.camelrump.console.JsonLog;
import io.camelrump.console.Screen;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Log lines of a run, to standard error: by the simplest backend of SLF4J, each with its time, or by Java's own logging
 * as JSON. Must be set up before the first logger is made.
 */
final class Logging {
    private static final String PROVIDER = "slf4j.provider";
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    /** The log as JSON; null where it is text. */
    private static volatile @Nullable JsonLog json;

    /** Java forgets the level of a logger that nobody holds. */
    private static final List<Logger> HELD = new ArrayList<>();

    private Logging() {}

    /** Makes JSON, if that is wanted, of all that is printed to standard error from now on. */
    static void open(LogFormat format) {
        if (format == LogFormat.JSON) {
            JsonLog log = new JsonLog(System.err);
            json = log;
            System.setErr(log.lines());
        }
    }

    static void setUp(boolean silent) {
        // it would print which provider it takes
        System.setProperty("slf4j.internal.verbosity", "WARN");
        JsonLog log = json;
        if (log == null) {
            setUpText(silent);
        } else {
            setUpJson(silent, log);
        }
    }

    /** Levels by the names of loggers; the first one is that of the user's own steps, such as log. */
    private static Map<String, String> levels(boolean silent) {
        Map<String, String> levels = new LinkedHashMap<>();
        levels.put("", silent ? "error" : "info");
        levels.put("org.apache.camel", showsTraces() ? "warn" : "error");
        levels.put("redis.clients", showsTraces() ? "warn" : "error");
        if (!showsTraces()) {
            // these print failures with stack traces; the command's last words say what has failed
            levels.put("io.camelrump.RumpConsumer", "off");
            levels.put("io.camelrump.RumpProducer", "off");
            levels.put("org.apache.camel.impl", "off");
            levels.put("org.apache.camel.main", "off");
            // it prints each attempt to connect again with its trace; our connection says it once
            levels.put("org.springframework.data.redis.listener.RedisMessageListenerContainer", "off");
        }
        return levels;
    }

    private static void setUpText(boolean silent) {
        System.setProperty(PROVIDER, "org.slf4j.simple.SimpleServiceProvider");
        // a time is set before each line here: the format that this logger knows takes 20 ms of each start
        set("showDateTime", "false");
        set("cacheOutputStream", "true");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showShortLogName", "false");
        set("levelInBrackets", "false");
        set("logFile", "System.err");
        levels(silent).forEach((name, level) -> set(name.isEmpty() ? "defaultLogLevel" : "log." + name, level));
        if (!showsTraces()) {
            // the summary says it
            set("log.io.camelrump.RunEnd", "off");
        }
        PrintStream err = System.err;
        System.setErr(new StampedLines(err));
        LoggerFactory.getILoggerFactory();
        System.setErr(Progress.isOnTerminal() && !(err instanceof Screen) ? Screen.on(err) : err);
    }

    private static void set(String property, String value) {
        System.setProperty(PREFIX + property, value);
    }

    private static void setUpJson(boolean silent, JsonLog log) {
        System.setProperty(PROVIDER, "org.slf4j.jul.JULServiceProvider");
        LogManager.getLogManager().reset();
        levels(silent).forEach((name, level) -> {
            Logger logger = Logger.getLogger(name);
            logger.setLevel(level(level));
            HELD.add(logger);
        });
        Logger.getLogger("").addHandler(log);
    }

    private static Level level(String name) {
        return switch (name) {
            case "error" -> Level.SEVERE;
            case "warn" -> Level.WARNING;
            default -> Level.parse(name.toUpperCase(Locale.ROOT));
        };
    }

    /** Names the run that the log is about from now on. */
    static void run(String migration) {
        JsonLog log = json;
        if (log != null) {
            log.run(migration);
        }
    }

    /** A line of our own among those of the log. */
    static String stamped(String line) {
        return json != null
                ? line
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                                OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS)) + " " + line;
    }

    /** Whether the person wants stack traces. */
    static boolean showsTraces() {
        return "1".equals(System.getenv("RUMP_DEBUG"));
    }

    /** Shows where a failure came from, if the person wants that. */
    static void trace(Throwable failure, PrintWriter err) {
        if (!showsTraces()) {
            return;
        }
        if (json == null) {
            failure.printStackTrace(err);
        } else {
            LoggerFactory.getLogger(Logging.class).error("{}", failure.getMessage(), failure);
        }
    }

    /** Takes lines of the log, and sets the time before each; stack traces follow as they are. */
    private static final class StampedLines extends PrintStream {
        private final PrintStream err;

        StampedLines(PrintStream err) {
            super(err, false, StandardCharsets.UTF_8);
            this.err = err;
        }

        /** Standard error as it is now, and not this one: the logging may warn while it is set up. */
        private PrintStream target() {
            return System.err == this ? err : System.err;
        }

        @Override
        public void println(String line) {
            target().println(stamped(line));
        }

        @Override
        public void println(Object line) {
            target().println(line);
        }
    }
}
