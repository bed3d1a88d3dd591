package io.camelrump;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The route file in a JVM of its own, with a small heap: for tests of what a run needs.
 *
 * <p>Its last line tells how the run ended: the ledger's state, then its counts, then the refusals.
 */
public final class SmallHeapRun implements AutoCloseable {

    private final Process process;

    private SmallHeapRun(Process process) {
        this.process = process;
    }

    /** Starts a run with this heap, such as 64m; settings are properties of the route file, as name=value. */
    public static SmallHeapRun start(String heap, RedisServer from, RedisServer to, String... settings) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SmallHeapRun.class.getName(),
                String.valueOf(from.port()),
                String.valueOf(to.port())));
        line.addAll(List.of(settings));
        try {
            return new SmallHeapRun(
                    new ProcessBuilder(line).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Waits for the end and gives all that was printed. */
    public String awaitOutput() throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("still running: " + output);
        }
        return output + "\nexit " + process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) {
        Migration migration = Migration.from(Integer.parseInt(args[0])).to(Integer.parseInt(args[1]));
        for (int i = 2; i < args.length; i++) {
            String[] setting = args[i].split("=", 2);
            migration.with(setting[0], setting[1]);
        }
        try (Migration run = migration.start()) {
            Ledger ledger = run.awaitEnd();
            System.out.println(
                    ledger.state() + " " + ledger.counts() + " " + ledger.refusals() + " " + ledger.failure());
        }
    }
}
