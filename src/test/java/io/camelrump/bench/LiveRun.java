package io.camelrump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;

/** The command as it follows, from the end of its scan until it is cut over. */
final class LiveRun implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("rump-live");
    private final Path go = folder.resolve("go");
    private final Process process;

    LiveRun(Build build, TestBed bed) throws IOException, InterruptedException {
        process = build.startCopy(
                bed.source().port(),
                bed.target().port(),
                "--live",
                "--latency-guard",
                "off",
                "--cutover-file",
                go.toString());
        try (Jedis from = bed.source().jedis();
                Jedis to = bed.target().jedis()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .failFast("the run has ended", () -> !process.isAlive())
                    .until(() -> to.dbSize() >= from.dbSize());
        }
    }

    double cpuSeconds() throws IOException {
        return ToolRun.cpuSeconds(process);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Files.createFile(go);
        int ended = process.waitFor();
        Files.deleteIfExists(go);
        Files.delete(folder);
        if (ended != 0) {
            throw new IOException("rump ended with " + ended);
        }
    }
}
