package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Jedis;

/**
 * Which cores are whose: a source that has the first one for itself is not slowed by what measures it.
 *
 * <p>What measures runs in a process that never had that core. Taking it from a Java that runs already is no way: on
 * Linux 6.18 such a process spends all of its time on reaping its children.
 */
final class Cores {
    private static final String ARE_SET = "rump.bench.cores.are.set";
    private static final int ALL = Runtime.getRuntime().availableProcessors();

    private Cores() {}

    /** Whether this process leaves the first core alone. */
    static boolean areSet() {
        return Boolean.getBoolean(ARE_SET);
    }

    /** Whether there is a core to leave alone. */
    static boolean areSeveral() {
        return ALL > 1;
    }

    /** Runs a class once more in a process that leaves the first core alone, as all that it starts does. */
    static void runOnOthers(Class<?> main, String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("taskset", "-c", "1-" + (ALL - 1)));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.addAll(List.of("-D" + ARE_SET + "=true", "-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(List.of(words));
        run(new ProcessBuilder(line).redirectOutput(ProcessBuilder.Redirect.INHERIT));
    }

    /** The first core is this server's, with all threads that it has, and before whatever else the machine does. */
    static void giveFirst(RedisServer source) throws IOException, InterruptedException {
        run(new ProcessBuilder("taskset", "-a", "-p", "-c", "0", pid(source))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        // may be forbidden; its children, which save, do not come before itself
        new ProcessBuilder("chrt", "-a", "-R", "-f", "-p", "1", pid(source))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static String pid(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .map(line -> line.substring(line.indexOf(':') + 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
        int ended =
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        if (ended != 0) {
            throw new IOException(builder.command() + " ended with " + ended);
        }
    }
}
