package io.camelrump.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log for collectors: one JSON object a line, with its time, level, logger, thread, message and run, and the stack
 * where there is one. Takes the records of Java's own logging, and the lines that others print.
 */
public final class JsonLog extends Handler {
    private static final String OURS = "rump";
    /** Begins the lines by which the command says what is wrong. */
    private static final String OBJECTION = "rump: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private volatile @Nullable String run;

    /** @param out takes the objects */
    public JsonLog(PrintStream out) {
        this.out = out;
    }

    /** Names the run that the log is about from now on. */
    public void run(String name) {
        run = name;
    }

    /** A stream whose lines become objects of this log. */
    public PrintStream lines() {
        return new PrintStream(new Lines(), true, StandardCharsets.UTF_8);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            write(
                    record.getInstant(),
                    level(record.getLevel()),
                    String.valueOf(record.getLoggerName()),
                    String.valueOf(record.getMessage()),
                    record.getThrown());
        }
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (level.intValue() >= Level.INFO.intValue()) {
            return "INFO";
        }
        return level.intValue() >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private void write(Instant time, String level, String logger, String message, @Nullable Throwable thrown) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", time.toString());
        line.put("level", level);
        line.put("logger", logger);
        line.put("thread", Thread.currentThread().getName());
        line.put("message", message);
        line.put("run", run);
        if (thrown != null) {
            StringWriter stack = new StringWriter();
            thrown.printStackTrace(new PrintWriter(stack));
            line.put("stack", stack.toString());
        }
        try {
            out.println(JSON.writeValueAsString(line));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }

    /** Takes printed text up to the end of each line. */
    private final class Lines extends OutputStream {
        @GuardedBy("this")
        private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int single) {
            if (single == '\n') {
                String text = begun.toString(StandardCharsets.UTF_8).stripTrailing();
                begun.reset();
                if (!text.isEmpty()) {
                    JsonLog.this.write(Instant.now(), text.startsWith(OBJECTION) ? "ERROR" : "INFO", OURS, text, null);
                }
            } else {
                begun.write(single);
            }
        }
    }
}
