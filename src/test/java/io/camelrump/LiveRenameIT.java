package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.ServerPair;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Keys under other names at the target of a live run: a name belongs to the keys that live, and not to those that are
 * gone.
 */
class LiveRenameIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "");

    private Migration live(String rules) {
        return Migration.from(PAIR.source())
                .to(PAIR.target())
                .bind("rules", new StringBuilder(rules))
                .with("rump.source.rename", "#bean:rules")
                .with("rump.source.live", true)
                .start();
    }

    private static Changes changes(Ledger ledger) {
        return Objects.requireNonNull(ledger.changes());
    }

    /** Ways to give the keys old:1 and new:1 the name key:1. */
    enum Renaming {
        RULES {
            @Override
            void run(LiveRenameIT test, Consumer<Ledger> steps) {
                migrate(test, "old:*=key:*\nnew:*=key:*", steps);
            }
        },
        REGULAR_EXPRESSION {
            @Override
            void run(LiveRenameIT test, Consumer<Ledger> steps) {
                migrate(test, "(old|new):(.*)=key:$2", steps);
            }
        },
        STEP_OF_THE_ROUTE {
            @Override
            void run(LiveRenameIT test, Consumer<Ledger> steps) throws Exception {
                RenameKeys rename = new RenameKeys();
                rename.setRegex("(old|new):(.*)");
                rename.setReplacement("key:$2");
                test.route.start("live=true", (routes, read) -> read.process(rename)
                        .to(EditedRoute.to("target", PAIR.target().port())));
                steps.accept(test.route.run().ledger());
            }
        };

        /** Follows the source while these steps are taken. */
        abstract void run(LiveRenameIT test, Consumer<Ledger> steps) throws Exception;

        private static void migrate(LiveRenameIT test, String rules, Consumer<Ledger> steps) {
            try (Migration run = test.live(rules)) {
                steps.accept(run.ledger());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNameOfADeletedKeyIsFreeAgain(Renaming renaming) throws Exception {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        renaming.run(this, ledger -> {
            awaitAtTarget("key:1", "first");
            a.del("old:1");
            awaitAtTarget("key:1", null);
            a.set("new:1", "second");
            awaitAtTarget("key:1", "second");

            assertThat(ledger.refusals()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDeletedKeyThatNeverHadTheNameLeavesItToTheOneThatHas(Renaming renaming) throws Exception {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        renaming.run(this, ledger -> {
            awaitAtTarget("key:1", "first");
            a.set("new:1", "second");
            awaitRefused(ledger, "new:1");
            a.del("new:1");
            isFollowed(ledger);

            assertThat(PAIR.atTarget().get("key:1")).isEqualTo("first");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aNameWhoseKeyIsDeletedGoesToTheOtherThatLives(Renaming renaming) throws Exception {
        Jedis a = PAIR.atSource();
        a.set("old:1", "first");
        renaming.run(this, ledger -> {
            awaitAtTarget("key:1", "first");
            a.set("new:1", "second");
            awaitRefused(ledger, "new:1");
            a.del("old:1");

            awaitAtTarget("key:1", "second");
        });
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
            awaitRefused(run.ledger(), "user:1");
            a.del("u:1");
            isFollowed(run.ledger());

            // read again as the other one is gone, and so after it
            awaitAtTarget("u:1", "renamed");
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
            run.ledger().run().changes().gaps().suspectAll();
            await().atMost(Duration.ofSeconds(20)).until(() -> !PAIR.atTarget().exists("u:gone"));
            changes(run.ledger()).cutOver();
            run.awaitComplete();

            assertThat(changes(run.ledger()).status().held()).isZero();
            assertThat(run.ledger().counts().deleted()).isEqualTo(1);
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource
    void theNewNameOfAKeyIsNotTakenForThatOfADeletedOne(Renaming renaming) throws Exception {
        PAIR.atSource().set("old:1", "first");
        renaming.run(this, ledger -> {
            awaitAtTarget("key:1", "first");
            changes(ledger).mark("key:1".getBytes(StandardCharsets.US_ASCII));
            isFollowed(ledger);

            assertThat(PAIR.atTarget().get("key:1")).isEqualTo("first");
        });
    }

    private static void awaitAtTarget(String key, String value) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(PAIR.atTarget().get(key)).isEqualTo(value));
    }

    /** Waits until all that has changed by now has had its effect. */
    private static void isFollowed(Ledger ledger) {
        long ticket = changes(ledger).drain();
        await().atMost(Duration.ofSeconds(20)).until(() -> changes(ledger).drained(ticket) != null);
    }

    private static void awaitRefused(Ledger ledger, String key) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ledger.refusals().toString().contains("\"" + key + "\""));
    }
}
