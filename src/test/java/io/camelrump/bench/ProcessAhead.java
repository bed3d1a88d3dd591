package io.camelrump.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java process that the system lets run before all others, where it may: it stands for what is on other machines, and
 * waits for no processor. It ends when its input does.
 */
final class ProcessAhead implements AutoCloseable {
    /** Enough memory to collect little garbage, and no compiler that takes the processor for long. */
    private static final List<String> OPTIONS =
            List.of("-Xms256m", "-Xmn192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final BufferedReader said;

    /** @param priority those of a higher one run before it */
    ProcessAhead(int priority, Class<?> main, String... words) {
        List<String> ahead = List.of("chrt", "-f", String.valueOf(priority));
        List<String> line = new ArrayList<>(isAllowed(ahead) ? ahead : List.of());
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(OPTIONS);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(List.of(words));
        try {
            process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        said = process.inputReader();
    }

    private static boolean isAllowed(List<String> ahead) {
        List<String> line = new ArrayList<>(ahead);
        line.add("true");
        try {
            Process trial = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The next line that it says. */
    String line() {
        try {
            String line = said.readLine();
            if (line == null) {
                throw new IllegalStateException(process.info() + " said nothing");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it, and gives what else it says. */
    List<String> end() {
        try {
            process.getOutputStream().close();
            List<String> lines = said.lines().toList();
            process.waitFor();
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    @Override
    public void close() {
        end();
    }
}
