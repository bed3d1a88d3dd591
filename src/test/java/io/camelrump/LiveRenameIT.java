package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.ServerPair;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Keys under other names at the target of a live run: a name belongs to the keys that live, and not to those that are
 * gone.
 */
class LiveRenameIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private Migration live(String rules) {
        return Migration.from(PAIR.source())
                .to(PAIR.target())
                .bind("rules", new StringBuilder(rules))
                .with("scan.rename", "#bean:rules")
                .with("live", true)
                .start();
    }

    private static Changes changes(Migration run) {
        return Objects.requireNonNull(run.ledger().changes());
    }

    @Test
    void theNameOfADeletedKeyIsFreeAgain() {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        try (Migration run = live("(old|new):(.*)=key:$2")) {
            awaitAtTarget("key:1", "first");
            a.del("old:1");
            awaitAtTarget("key:1", null);
            a.set("new:1", "second");
            awaitAtTarget("key:1", "second");

            assertThat(run.ledger().refusals()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(old|new):(.*)=key:$2", "old:*=key:*\nnew:*=key:*"})
    void aDeletedKeyThatNeverHadTheNameLeavesItToTheOneThatHas(String rules) {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        try (Migration run = live(rules)) {
            awaitAtTarget("key:1", "first");
            a.set("new:1", "second");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> run.ledger().counts().refused() == 1);
            a.del("new:1");
            isFollowed(run);

            assertThat(PAIR.atTarget().get("key:1")).isEqualTo("first");
        }
    }

    @Test
    void aNameWhoseKeyIsDeletedGoesToTheOtherThatLives() {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        try (Migration run = live("old:*=key:*\nnew:*=key:*")) {
            awaitAtTarget("key:1", "first");
            a.set("new:1", "second");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> run.ledger().counts().refused() == 1);
            a.del("old:1");

            awaitAtTarget("key:1", "second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:*=u:*", "user:*=u:*\nmember:*=u:*", "user:(.*)=u:$1"})
    void aKeyThatKeepsItsNameForAWhileGivesItBack(String rules) {
        Jedis a = PAIR.atSource();
        a.set("user:1", "renamed");
        try (Migration run = live(rules)) {
            awaitAtTarget("u:1", "renamed");
            a.set("u:1", "keeps its name");
            // one of the two cannot be there, and is named
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> run.ledger().refusals().toString().contains("\"user:1\""));
            a.del("u:1");
            awaitAtTarget("u:1", "renamed");
            isFollowed(run);

            assertThat(PAIR.atTarget().get("u:1")).isEqualTo("renamed");
        }
    }

    /** A look at the target's keys finds no key called so at the source. */
    @ParameterizedTest
    @ValueSource(strings = {"user:*=u:*", "user:*=u:*\nmember:*=u:*", "user:(.*)=u:$1"})
    void namesOfRenamedKeysAreNotTakenForThoseOfDeletedOnes(String rules) {
        Jedis a = PAIR.atSource();
        for (int i = 0; i < 100; i++) {
            a.set("user:" + i, "value");
        }
        try (Migration run = live(rules)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> PAIR.atTarget().dbSize() == 100);
            PAIR.atTarget().set("u:gone", "left from before");
            Objects.requireNonNull(run.ledger().run().changes()).suspectAll();
            await().atMost(Duration.ofSeconds(20)).until(() -> !PAIR.atTarget().exists("u:gone"));
            changes(run).cutOver();
            run.awaitComplete();

            assertThat(changes(run).status().held()).isZero();
            assertThat(run.ledger().counts().deleted()).isEqualTo(1);
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(100);
    }

    private static void awaitAtTarget(String key, String value) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(PAIR.atTarget().get(key)).isEqualTo(value));
    }

    /** Waits until all that has changed by now has had its effect. */
    private static void isFollowed(Migration run) {
        long ticket = changes(run).drain();
        await().atMost(Duration.ofSeconds(20)).until(() -> changes(run).drained(ticket) != null);
    }
}
