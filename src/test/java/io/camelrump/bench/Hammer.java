package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two clients that use a server while it is copied, 2,000 GET and SET a second together.
 *
 * <p>They are a process of their own that the system lets run before all others, where it may: they wait for the server
 * alone, as clients on another machine do, and not for a processor.
 */
final class Hammer implements Clients {
    private static final List<String> FIRST = List.of("chrt", "-f", "10");
    /** Enough memory to collect no garbage, and no compiler that takes the processor for long. */
    private static final List<String> OPTIONS =
            List.of("-Xms256m", "-Xmn192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final BufferedReader said;

    Hammer(RedisServer server) {
        List<String> line = new ArrayList<>(canRunFirst() ? FIRST : List.of());
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(OPTIONS);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), LoadClient.class.getName()));
        line.add(String.valueOf(server.port()));
        process = start(line);
        said = process.inputReader();
        try {
            String first = said.readLine();
            if (!LoadClient.READY.equals(first)) {
                throw new IOException("the clients of the source said " + first);
            }
        } catch (IOException e) {
            process.destroy();
            throw new UncheckedIOException(e);
        }
    }

    private static Process start(List<String> line) {
        try {
            return new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean canRunFirst() {
        try {
            List<String> line = new ArrayList<>(FIRST);
            line.add("true");
            return new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public double[] end() throws InterruptedException {
        try {
            process.getOutputStream().close();
            double[] millis = said.lines()
                    .mapToDouble(nanos -> Long.parseLong(nanos) / 1e6)
                    .sorted()
                    .toArray();
            process.waitFor();
            return millis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
