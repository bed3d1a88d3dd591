package io.camelrump.checkpoint;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;

import io.camelrump.CheckpointFile;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are stopped half-way, with their checkpoint in a file or at the target. */
abstract class CheckpointFixture {
    static final int KEYS = 8_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    RedisServer source;
    RedisServer target;

    void startServers() {
        source = servers.start();
        target = servers.start();
        fill(source, KEYS);
    }

    Path file() {
        return folder.resolve("checkpoint");
    }

    Migration run(Object repository) {
        return Migration.from(source)
                .to(target)
                .bind("checkpoint", repository)
                .with("rump.source.checkpoint", "#bean:checkpoint")
                .with("rump.source.scan-count", 80);
    }

    Migration run() {
        return run(new CheckpointFile(file().toString()));
    }

    /** Stops a run in its middle, and gives how many keys had arrived. */
    long runHalf(Migration started) {
        try (Migration run =
                started.with("rump.target.max-keys-per-second", 8_000).start()) {
            awaitRestored(run, KEYS / 2);
        }
        return size(target);
    }
}
