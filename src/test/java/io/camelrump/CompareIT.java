package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.run.KeptKeyIndex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Comparisons in routes of one's own. */
class CompareIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private Jedis atSource;
    private Jedis atTarget;
    private String source;
    private String target;
    private int targetPort;

    @BeforeEach
    void startTwo() {
        RedisServer one = servers.start();
        RedisServer other = servers.start();
        atSource = one.jedis();
        atTarget = other.jedis();
        source = "rump:source?host=127.0.0.1&port=" + one.port();
        targetPort = other.port();
        target = "rump:target?host=127.0.0.1&port=" + targetPort;
    }

    @AfterEach
    void disconnect() {
        atSource.close();
        atTarget.close();
    }

    @Test
    void theLedgerHasEachDifferenceOnceAndOutcomesThatAddUp() throws Exception {
        SampleData.fillMixed(atSource, 1_000);
        SampleData.fillMixed(atTarget, 1_000);
        atTarget.del("mixed:7");
        atTarget.set("mixed:14", "other");
        // expiries of the two fillings differ by what lies between them
        try (RouteRun run = run(Map.of(), source, target + "&operation=compare&ttlTolerance=1m&rounds=2")) {
            List<Difference> heard = new CopyOnWriteArrayList<>();
            run.ledger().onDifference(heard::add);

            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.DIFFERENT);
            assertThat(ledger.failure()).isEqualTo("2 keys differ: missing 1, type 1");
            assertThat(ledger.differences())
                    .extracting(Difference::quotedKey, Difference::cause)
                    .containsExactlyInAnyOrder(
                            Assertions.tuple("\"mixed:7\"", Difference.Cause.MISSING),
                            Assertions.tuple("\"mixed:14\"", Difference.Cause.TYPE));
            assertThat(ledger.differing()).isEqualTo(Map.of(Difference.Cause.MISSING, 1L, Difference.Cause.TYPE, 1L));
            assertThat(heard).hasSameElementsAs(ledger.differences());
            assertThat(ledger.counts().kept()).isEqualTo(1_000);
            assertThat(ledger.counts().reread()).isEqualTo(2);
            assertThat(ledger.counts().balanced()).isTrue();
        }
    }

    @Test
    void keptKeysOfAnEarlierRunStay() throws Exception {
        atSource.mset("kept", "v", "changed", "v", "missing", "v");
        atTarget.mset("kept", "foreign", "changed", "w");
        KeptKeyIndex kept = new KeptKeyIndex();
        kept.add(0, "kept".getBytes(StandardCharsets.US_ASCII));

        String comparing = target + "&operation=compare&onConflict=keep&repair=true&rounds=1";
        try (RouteRun run = run(Map.of("kept", new KeptKeys(kept)), source, comparing)) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.differences()).isEmpty();
            assertThat(ledger.keptBefore()).isEqualTo(1);
        }
        assertThat(atTarget.mget("kept", "changed", "missing")).containsExactly("foreign", "v", "v");
    }

    @Test
    void keysThatMayHaveBeenKeptAreNamedAndNotRepaired() throws Exception {
        atSource.mset("kept", "v", "missing", "v");
        atTarget.mset("kept", "foreign");

        String comparing = target + "&operation=compare&onConflict=keep&repair=true&rounds=1";
        try (RouteRun run = run(Map.of(), source, comparing)) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.differences())
                    .singleElement()
                    .asString()
                    .contains("\"kept\": holds another string", "it may be a key that the target was to keep");
        }
        assertThat(atTarget.mget("kept", "missing")).containsExactly("foreign", "v");
    }

    @Test
    void aHostHearsThatKeysDifferByHeadersMetersAndHealth() throws Exception {
        atSource.mset("same", "v", "changed", "v", "missing", "v");
        atTarget.mset("same", "v", "changed", "w");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        List<Map<String, Object>> last = new CopyOnWriteArrayList<>();
        Processor collect = exchange -> {
            if (exchange.getMessage().getHeader(RumpConstants.STATE) != null) {
                last.add(Map.copyOf(exchange.getMessage().getHeaders()));
            }
        };

        try (RouteRun run = run(
                Map.of("meters", meters, "collect", collect),
                source + "&migration=compare",
                target + "&operation=compare&rounds=1",
                "bean:collect")) {
            run.awaitEnd("compare");
            run.await().until(() -> !last.isEmpty());

            assertThat(last).singleElement().satisfies(headers -> assertThat(headers)
                    .containsEntry(RumpConstants.COMPLETE, false)
                    .containsEntry(RumpConstants.STATE, RunState.DIFFERENT)
                    .containsEntry(
                            RumpConstants.DIFFERING, Map.of(Difference.Cause.MISSING, 1L, Difference.Cause.VALUE, 1L)));
            assertThat(gauge(meters, "camel.rump.state", "state", "different")).isEqualTo(1);
            assertThat(gauge(meters, "camel.rump.state", "state", "complete")).isZero();
            assertThat(gauge(meters, "camel.rump.differing.keys", "cause", "value"))
                    .isEqualTo(1);
            HealthCheck.Result health = PollingIT.health(run);
            assertThat(health.getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(health.getDetails())
                    .containsEntry("state", RunState.DIFFERENT)
                    .containsEntry("cause", "2 keys differ: missing 1, value 1")
                    .containsEntry("differing.missing", 1L)
                    .containsEntry("read", 3L);
        }
    }

    private static double gauge(SimpleMeterRegistry meters, String name, String tag, String value) {
        return meters.get(name)
                .tag("migration", "compare")
                .tag(tag, value)
                .gauge()
                .value();
    }

    @Test
    void renamedKeysAreComparedByNewNamesAndReportedByOldOnes() throws Exception {
        RenameKeys rename = new RenameKeys();
        rename.setRegex("user:(.*)");
        rename.setReplacement("eu:$1");
        // a set's payload depends on the order of its making
        atSource.sadd("user:1", "a", "b", "c", "d");
        atTarget.sadd("eu:1", "d", "c", "b", "a");
        atSource.set("user:2", "v");
        atTarget.set("eu:2", "w");

        try (RouteRun run = run(Map.of("rename", rename), source, "bean:rename", target + "&operation=compare")) {
            assertThat(run.awaitEnd().differences())
                    .extracting(Difference::quotedKey)
                    .containsExactly("\"user:2\"");
        }
    }

    @Test
    void aNameThatARouteGaveToAMissingKeyIsNotPrunedAsAnotherKeyMayHaveIt(@TempDir Path folder) throws Exception {
        RenameKeys rename = new RenameKeys();
        rename.setFromPrefix("user:");
        rename.setToPrefix("u:");
        atSource.set("u:1", "v");
        atTarget.set("u:1", "v");
        Path list = Files.writeString(folder.resolve("keys"), "user:1\nu:1\n");
        String compare = target + "&operation=compare&prune=true&allowMassDelete=true&rounds=1";

        try (RouteRun run = run(Map.of("rename", rename), source + "&keysFrom=" + list, "bean:rename", compare)) {
            assertThat(run.awaitEnd().differences()).isEmpty();
            assertThat(run.ledger().undecided()).isOne();
        }
        assertThat(atTarget.get("u:1")).isEqualTo("v");
    }

    @Test
    void aLookupFindsWhatItsServerDoesNotHaveAndDeletesItAtTheOther() throws Exception {
        atSource.set("both", "v");
        atTarget.set("both", "another value");
        atTarget.set("extra", "v");

        try (RouteRun run = run(Map.of(), target + "&values=false", source + "&operation=lookup&rounds=1")) {
            assertThat(run.awaitEnd().differences())
                    .extracting(Difference::quotedKey)
                    .containsExactly("\"extra\"");
        }
        try (RouteRun run = run(Map.of(), target + "&values=false", source + "&operation=lookup&prune=true")) {
            assertThat(run.awaitEnd().counts().deleted()).isOne();
            assertThat(run.ledger().differences()).isEmpty();
        }
        assertThat(atTarget.keys("*")).containsExactly("both");
        assertThat(atSource.keys("*")).containsExactly("both");
    }

    @Test
    void namesAloneAreRefusedByARestoreAndNotTakenForGone() throws Exception {
        atSource.set("k", "v");
        atTarget.set("k", "kept");

        try (RouteRun run = run(Map.of(), source + "&values=false", target)) {
            assertThat(run.awaitEnd().counts().refused()).isOne();
        }
        assertThat(atTarget.get("k")).isEqualTo("kept");
    }

    @Test
    void aKeyOfOnesOwnMakingHasNoBooksToBeComparedIn() throws Exception {
        try (RouteRun run = run(Map.of(), "direct:in", target + "&operation=compare")) {
            Assertions.assertThatThrownBy(() -> run.context()
                            .createProducerTemplate()
                            .sendBody("direct:in", DumpedKey.of(new byte[1], new byte[20], Page.NO_EXPIRY)))
                    .isInstanceOf(CamelExecutionException.class)
                    .hasRootCauseMessage("a comparison takes pages of a rump: consumer, which has the books for it");
        }
    }

    @Test
    void valuesInAnotherOrderAreFoundEqualByTheirPayloadsAlone() throws Exception {
        for (int i = 0; i < 50; i++) {
            atSource.sadd("set:" + i, "a", "b", "c", "d");
            atTarget.sadd("set:" + i, "d", "c", "b", "a");
        }
        atTarget.srem("set:7", "d");
        atTarget.sadd("set:7", "e");

        try (RouteRun run = run(Map.of(), source, target + "&operation=compare&rounds=1")) {
            assertThat(run.awaitEnd().differences())
                    .extracting(Difference::quotedKey)
                    .containsExactly("\"set:7\"");
        }
        assertThat(CommandStats.calls(atSource, "sscan")).isOne();
    }

    @Test
    void pagesOfADistantServerAreComparedWithoutWaitingForEachOther() throws Exception {
        int pages = 40;
        long roundTrip = 40;
        String[] keys =
                IntStream.range(0, 200 * pages).mapToObj(i -> "key:" + i).toArray(String[]::new);
        atSource.mset(keys);
        atTarget.mset(keys);
        try (FaultyProxy distance = new FaultyProxy(targetPort).delay(roundTrip / 2)) {
            String distant = "rump:target?host=127.0.0.1&port=" + distance.port() + "&operation=compare";
            long begin = System.nanoTime();
            RouteRun run = RouteRun.of(routes -> {
                routes.from(source + "&scanCount=100").to("seda:pages?size=16&blockWhenFull=true");
                routes.from("seda:pages?size=16").to(distant);
            });
            try (run) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.counts().kept()).isEqualTo(100L * pages);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                        .isLessThan(pages * roundTrip);
            }
        }
    }

    private static RouteRun run(Map<String, Object> beans, String from, String... to) throws Exception {
        return RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(from).to(to);
                    }
                },
                beans);
    }
}
