package io.camelrump.checkpoint;

import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.CheckpointFile;
import io.camelrump.fixtures.Migration;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The checkpoint of a way back, which a run in the other direction leaves alone. */
class WayBackCheckpointIT extends CheckpointFixture {
    /** Leads from the target back to the source. */
    private Migration back() {
        return Migration.from(target)
                .to(source)
                .bind("checkpoint", new CheckpointFile(file().toString()))
                .with("rump.source.checkpoint", "#bean:checkpoint")
                .with("rump.source.live", true)
                .with("rump.source.way-back", true);
    }

    private void stopWayBack() {
        startServers();
        fill(target, KEYS);
        try (Migration run = back().start();
                Jedis jedis = target.jedis();
                Jedis arrived = source.jedis()) {
            jedis.set("late", "value");
            await().until(() -> arrived.exists("late"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "restart-scan"})
    void aRunInTheOtherDirectionLeavesItAlone(String option) throws IOException {
        stopWayBack();
        String left = Files.readString(file());
        long there = size(target);

        Migration forth = run().with("rump.source.live", true).with("rump.source." + option, true);

        assertThatThrownBy(forth::start)
                .hasStackTraceContaining("is of a way back, on which the clients write to the target");
        assertThat(Files.readString(file())).isEqualTo(left);
        assertThat(size(target)).isEqualTo(there);
    }

    @Test
    void aWayBackIsResumedByACheckpoint() {
        stopWayBack();
        try (Jedis jedis = target.jedis();
                Jedis arrived = source.jedis();
                Migration run = back().with("rump.source.resume", true).start()) {
            jedis.set("later", "value");
            await().until(() -> arrived.exists("later"));
            assertThat(run.ledger().state().isFinal()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "restart-scan"})
    void neitherDirectionResumesWhileClientsMayBeAtEitherServer(String option) throws IOException {
        startServers();
        String both = TurnedText.of("forward", "back");
        Files.writeString(file(), both);

        for (Migration run : new Migration[] {run().with("rump.source.live", true), back()}) {
            Migration asked = run.with("rump.source." + option, true);
            assertThatThrownBy(asked::start).hasStackTraceContaining("--clients-at=from or --clients-at=to");
        }
        assertThat(Files.readString(file())).isEqualTo(both);
    }
}
