package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of a page, run by a shell; ended with all that it started, at the latest by {@link #close}. */
final class PlatformProcess implements AutoCloseable {
    private final String command;
    private final Process process;
    private final Path output;

    PlatformProcess(Path folder, Map<String, String> environment, String command) {
        this.command = command;
        try {
            output = Files.createTempFile("rump", ".out");
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has printed until now, on both streams. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitOutput(String text) {
        await(command)
                .atMost(Duration.ofSeconds(60))
                .failFast(() -> !process.isAlive() && !output().contains(text))
                .until(() -> output().contains(text));
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(3, TimeUnit.MINUTES))
                .as(command + " ended: " + output())
                .isTrue();
        return process.exitValue();
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
