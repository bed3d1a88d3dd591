package io.camelrump.checkpoint;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.Migration;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** A run resumes where the run before was stopped, or says why it must not. */
class CheckpointIT extends CheckpointFixture {
    @Test
    void aResumedRunContinuesWhereTheEarlierOneStopped() {
        startServers();
        long arrived = runHalf(run());
        assertThat(file()).exists();

        try (Migration run = run().with("rump.source.resume", true).start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isGreaterThanOrEqualTo(KEYS);
            try (Jedis jedis = source.jedis()) {
                // two runs together dump little more than every key once
                assertThat(dumps(jedis)).isLessThan(KEYS + arrived / 2);
            }
        }
        assertThat(file()).doesNotExist();
        assertEqual(source, target);
    }

    private static long dumps(Jedis jedis) {
        return Long.parseLong(jedis.info("commandstats").replaceAll("(?s).*cmdstat_dump:calls=(\\d+).*", "$1"));
    }

    @Test
    void aResumedLiveRunKnowsWhichKeysAreTheTargetsOwn() {
        startServers();
        try (Jedis jedis = target.jedis()) {
            jedis.set("of the target's own", "value");
            jedis.set("mixed:0", "of an earlier run");
        }
        runHalf(run().with("rump.source.live", true));

        try (Migration run = run().with("rump.source.live", true)
                        .with("rump.source.resume", true)
                        .start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> run.ledger().progress() == 1);
            for (int i = 0; i < KEYS; i += 1_000) {
                jedis.del("mixed:" + i);
            }
            Changes changes = Objects.requireNonNull(run.ledger().changes());
            changes.cutOver();
            run.awaitComplete();

            assertThat(changes.status().withheld()).isZero();
            assertThat(arrived.get("of the target's own")).isEqualTo("value");
            arrived.del("of the target's own");
        }
        assertEqual(source, target);
    }

    @Test
    void anUnfinishedRunIsNotOverwrittenUnasked() {
        startServers();
        runHalf(run());

        assertThatThrownBy(() -> run().start()).hasMessageContainingAll("checkpoint of an unfinished run", "--resume");
        try (Migration run = run().with("rump.source.restart-scan", true).start()) {
            assertThat(run.awaitComplete().read()).isEqualTo(KEYS);
        }
    }

    @Test
    void anotherSourceProcessIsRefusedAndReadFromTheStartOnDemand() {
        startServers();
        runHalf(run());
        source.restart(true);

        assertThatThrownBy(() -> run().with("rump.source.resume", true).start())
                .hasMessageContainingAll("another server process", "--restart-scan");
        try (Migration run = run().with("rump.source.resume", true)
                .with("rump.source.restart-scan", true)
                .start()) {
            assertThat(run.awaitComplete().read()).isEqualTo(KEYS);
        }
        assertEqual(source, target);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTargetThatMayHaveLostItsKeysIsRefusedAndWrittenFromTheStartOnDemand(boolean resume) {
        startServers();
        runHalf(run());
        target.restart(false);

        try (Migration run = run().with("rump.source.resume", true).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("another server process", "--restart-scan");
        }
        try (Migration run = run().with("rump.source.resume", resume)
                .with("rump.source.restart-scan", true)
                .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(KEYS);
        }
        assertEqual(source, target);
    }

    @Test
    void otherFiltersAreRefused() {
        startServers();
        runHalf(run());

        assertThatThrownBy(() -> run().with("rump.source.resume", true)
                        .with("rump.source.match", "a*")
                        .start())
                .hasMessageContaining("match was * and is a*");
    }

    @Test
    void aSourceThatHidesItsIdentityIsRecognisedByItsKeys() {
        startServers();
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("default", "-info");
        }
        runHalf(run());

        try (Migration run = run().with("rump.source.resume", true).start()) {
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepIsResumedOnlyWhereAllKeysOfTheTargetAreOurs(boolean empty) {
        startServers();
        if (!empty) {
            try (Jedis jedis = target.jedis()) {
                jedis.set("foreign", "value");
            }
        }
        runHalf(run().with("rump.target.on-conflict", "keep"));

        Migration goingOn = run().with("rump.source.resume", true).with("rump.target.on-conflict", "keep");
        if (!empty) {
            assertThatThrownBy(goingOn::start).hasStackTraceContaining("was not empty when the run began");
            goingOn = run().with("rump.source.resume", true)
                    .with("rump.source.restart-scan", true)
                    .with("rump.target.on-conflict", "keep");
        }
        try (Migration run = goingOn.start()) {
            run.awaitComplete();
        }
    }

    @Test
    void keysOfOursAloneLeaveTheTargetEmpty() {
        startServers();
        try (Jedis jedis = target.jedis()) {
            jedis.set("rump:tmp:checkpoint:other", "of another run");
        }
        runHalf(run().with("rump.target.on-conflict", "keep"));

        try (Migration run = run().with("rump.source.resume", true)
                .with("rump.target.on-conflict", "keep")
                .start()) {
            run.awaitComplete();
        }
    }

    /** Whatever was noted last may be what a killed run leaves. */
    @Test
    void aReplacedTargetInvalidatesTheCheckpoint() {
        startServers();
        List<Checkpoint> noted = new CopyOnWriteArrayList<>();
        MemoryStateRepository noting = new MemoryStateRepository() {
            @Override
            public void setState(String key, String value) {
                if (!value.isEmpty()) {
                    noted.add(Checkpoint.decode(value));
                }
            }
        };
        try (Migration run =
                run(noting).with("rump.target.max-keys-per-second", 4_000).start()) {
            await().until(() -> noted.stream().anyMatch(CheckpointIT::isPastItsBeginning));
            target.restart(false);
            FaultRun.awaitRestarts(run, 1);
            int before = noted.size();
            await().until(() ->
                    noted.size() > before + 1 || run.ledger().state().isFinal());
        }
        List<String> processes = noted.stream()
                .flatMap(checkpoint -> checkpoint.targets().values().stream())
                .map(Checkpoint.TargetState::runId)
                .distinct()
                .toList();

        assertThat(processes).hasSize(2);
        assertThat(noted.stream().filter(checkpoint -> isOf(checkpoint, processes.get(1))))
                .isNotEmpty()
                .allMatch(checkpoint -> checkpoint.counts().restarts() == 1);
    }

    private static boolean isPastItsBeginning(Checkpoint checkpoint) {
        ScanPosition position = checkpoint.sources().get(0).position();
        return !position.cursor().isEnd() || position.ended();
    }

    private static boolean isOf(Checkpoint checkpoint, String process) {
        return checkpoint.targets().values().stream()
                .anyMatch(state -> state.runId().equals(process));
    }

    @Test
    void aTargetIsLookedAtAlsoWhereNothingIsLeftToRead() throws Exception {
        startServers();
        runHalf(run());
        Files.writeString(file(), Files.readString(file()).replace("ended=false", "ended=true"));
        target.restart(false);

        try (Migration run = run().with("rump.source.resume", true).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("another server process", "--restart-scan");
        }
    }

    @Test
    void aTargetThatEvictedKeysIsRefused() {
        startServers();
        runHalf(run());
        FaultRun.config(target, "maxmemory-policy", "allkeys-random");
        try (Jedis jedis = target.jedis()) {
            FaultRun.config(target, "maxmemory", Long.toString(usedMemory(jedis) - 50_000));
            await().ignoreExceptions().until(() -> {
                jedis.set("more", "x");
                return !jedis.info("stats").contains("evicted_keys:0");
            });
        }
        FaultRun.config(target, "maxmemory", "0");

        try (Migration run = run().with("rump.source.resume", true).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("evicted", "--restart-scan");
        }
    }

    private static long usedMemory(Jedis jedis) {
        return Long.parseLong(jedis.info("memory").replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        startServers();
        Files.writeString(file(), "# rump checkpoint\nversion=1\nsource=x\n");

        assertThatThrownBy(() -> run().with("rump.source.resume", true).start()).hasMessageContaining("it is damaged");
    }
}
