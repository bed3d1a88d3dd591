package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import redis.clients.jedis.Jedis;

/** Which cores are whose: a source that has one for itself is not slowed by what measures it. */
final class Cores implements AutoCloseable {
    private static final int ALL = Runtime.getRuntime().availableProcessors();

    /** The first core is the source's; the target, this process and what it starts have the others. */
    Cores(RedisServer source, RedisServer target) throws IOException, InterruptedException {
        if (ALL > 1) {
            String others = "1-" + (ALL - 1);
            pin(pid(source), "0");
            pin(pid(target), others);
            pin(ProcessHandle.current().pid(), others);
        }
    }

    private static long pid(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                    .sum();
        }
    }

    /** With all threads that it has. */
    private static void pin(long pid, String cores) throws IOException, InterruptedException {
        Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", cores, String.valueOf(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset ended with " + taskset.exitValue());
        }
    }

    /** This process may use all cores again; the servers end. */
    @Override
    public void close() throws IOException, InterruptedException {
        if (ALL > 1) {
            pin(ProcessHandle.current().pid(), "0-" + (ALL - 1));
        }
    }
}
