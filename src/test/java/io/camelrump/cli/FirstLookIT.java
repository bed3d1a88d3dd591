package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** What a run sees of both servers before its first key, and what it says of keys that it does not read. */
class FirstLookIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Nested
    class OfACluster {
        @Test
        void oneNodeReadAloneIsNotTheWholeOfIt() {
            RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
            RedisServer target = servers.start();
            try (var client = cluster.client()) {
                for (int i = 0; i < 100; i++) {
                    client.set("key:" + i, "v");
                }
            }

            CommandRun run = run(cluster.masters().get(0), target, "--from-mode", "standalone");

            assertThat(run.out()).startsWith("INCOMPLETE: ");
            assertThat(run.err()).contains("slots 5461-16383 are not at this node");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Nested
    class OfTwoServers {
        private RedisServer source;
        private RedisServer target;

        @BeforeEach
        void startServers() {
            source = servers.start();
            target = servers.start();
        }

        @Test
        void allQuestionsBeforeTheRunGoByOneConnection() {
            DemoData.fill(source.port(), 10);
            DemoData.fill(target.port(), 15);
            long atSource = connections(source);
            long atTarget = connections(target);

            CommandRun run = run(source, target, "--latency-guard=off");

            assertThat(run.exitCode()).as(run.err()).isZero();
            // the run itself has one that reads, and two at the target: one asks whether it is a cluster
            assertThat(connections(source) - atSource - 1).isEqualTo(2);
            assertThat(connections(target) - atTarget - 1).isEqualTo(3);
        }

        /** Since the server's start; asking is one more. */
        private static long connections(RedisServer server) {
            try (Jedis jedis = server.jedis()) {
                return Long.parseLong(
                        jedis.info("stats").replaceFirst("(?s).*total_connections_received:(\\d+).*", "$1"));
            }
        }

        @Test
        void aReplicaIsNoTarget() {
            DemoData.fill(source.port(), 10);
            try (Jedis jedis = target.jedis()) {
                jedis.configSet("replica-read-only", "no");
                jedis.replicaof(RedisServer.HOST, RedisServer.freePort());
            }

            CommandRun run = run(source, target);

            assertThat(run.err()).contains("is a replica of 127.0.0.1:").contains("REPLICAOF NO ONE");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(size(target)).isZero();
        }

        @Test
        void aReplicaThatDoesNotHearItsMasterIsNoSource() {
            DemoData.fill(source.port(), 10);
            try (Jedis jedis = source.jedis()) {
                jedis.replicaof(RedisServer.HOST, RedisServer.freePort());
            }

            CommandRun run = run(source, target, "--retry-for", "1s");
            CommandRun check = CommandRun.of("check", "-from", uri(source), "-to", uri(target));

            assertThat(run.err()).contains("has lost its master 127.0.0.1:").contains("REPLICAOF NO ONE");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(size(target)).isZero();
            assertThat(check.out()).containsPattern("no +source role +a replica that has lost its master");
            assertThat(check.exitCode()).isEqualTo(4);
        }

        @Test
        void addressesThatLookSwappedAreRefused() {
            DemoData.fill(source.port(), 200);
            try (Jedis jedis = target.jedis()) {
                SampleData.fillStrings(jedis, 500, 10);
            }

            CommandRun check = CommandRun.of("check", "-from", uri(source), "-to", uri(target));
            CommandRun refused = run(source, target);
            CommandRun meant = run(source, target, "--on-conflict", "replace");
            CommandRun again = run(source, target);

            assertThat(check.out())
                    .containsPattern("no +addresses +Target .* holds 500 keys and source .* holds 200")
                    .contains("-> set what becomes of keys that both have");
            assertThat(check.exitCode()).isEqualTo(4);
            assertThat(refused.err()).contains("holds 500 keys", "200", "--on-conflict replace");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(meant.exitCode()).isZero();
            assertThat(size(target)).isEqualTo(700);
            // more than half of what the target holds is still unknown at the source
            assertThat(again.exitCode()).isEqualTo(2);
        }

        @Test
        void aTargetThatHoldsNoMoreThanTheSourceIsNotSwapped() {
            DemoData.fill(source.port(), 30);
            try (Jedis jedis = target.jedis()) {
                // the source knows none of them
                SampleData.fillStrings(jedis, 30, 10);
            }

            assertThat(run(source, target, "--sample", "1").exitCode()).isZero();
        }

        @ParameterizedTest
        @CsvSource({
            "target, randomkey, --scan-count=100",
            "source, exists, --scan-count=100",
            "target, dbsize, --scan-count=100",
            "target, info, --db=all"
        })
        void aLookThatAUserMayNotTakeIsReported(String side, String command, String flag) throws Exception {
            DemoData.fill(source.port(), 20);
            DemoData.fill(target.port(), 30);
            try (Jedis jedis = (side.equals("source") ? source : target).jedis()) {
                jedis.aclSetUser("default", "-" + command);
            }

            try (RumpProcess run = RumpProcess.between(source, target, List.of(), flag)) {
                assertThat(run.exitCode()).as(run.output()).isZero();
                assertThat(run.err())
                        .containsOnlyOnce("Not checked whether the addresses of source and target are swapped")
                        .contains("may not send " + command.toUpperCase(Locale.ROOT) + ": add the rule +" + command)
                        .contains("holds " + (command.equals("dbsize") ? "an unknown number of" : "30")
                                + " keys already");
            }
        }

        @ParameterizedTest
        @CsvSource({"target, randomkey", "source, exists"})
        void aCheckNamesWhatTheLookNeeds(String side, String command) {
            try (Jedis jedis = (side.equals("source") ? source : target).jedis()) {
                jedis.aclSetUser("default", "-" + command);
            }

            assertThat(CommandRun.of("check", "-from", uri(source), "-to", uri(target))
                            .out())
                    .containsPattern("note +" + side + " \\+" + command)
                    .contains("addresses that were swapped are not noticed", "add the rule +" + command);
            assertThat(CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--on-conflict", "replace")
                            .out())
                    .doesNotContain("swapped");
        }

        @Test
        void aTargetThatHoldsTheSameKeysAndAFewMoreIsNotSwapped() {
            DemoData.fill(source.port(), 100);
            DemoData.fill(target.port(), 100);
            try (Jedis jedis = target.jedis()) {
                SampleData.fillStrings(jedis, 20, 10);
            }

            assertThat(run(source, target).exitCode()).isZero();
        }

        @Test
        void aTargetThatHoldsTheSameKeysUnderTheirNewNamesIsNotSwapped() {
            try (Jedis jedis = source.jedis()) {
                jedis.mset("old:1", "1", "old:2", "2");
            }
            try (Jedis jedis = target.jedis()) {
                jedis.mset("new:1", "1", "new:2", "2", "new:3", "3");
            }

            assertThat(run(source, target, "--rename", "old:*=new:*").exitCode())
                    .isZero();
            assertThat(run(source, target, "--rename", "old:(.*)=new:$1").exitCode())
                    .isZero();
            CommandRun other = run(source, target, "--rename", "older:*=new:*");
            assertThat(other.err()).contains("does not know 3 of 3 keys");
            assertThat(other.exitCode()).isEqualTo(2);
        }

        @Test
        void eachDatabaseIsLookedUpInItsOwn() {
            try (Jedis jedis = target.jedis()) {
                jedis.select(3);
                SampleData.fillStrings(jedis, 5, 10);
            }
            CommandRun empty = run(source, target, "--db", "all");
            try (Jedis jedis = source.jedis()) {
                jedis.select(2);
                SampleData.fillStrings(jedis, 4, 10);
            }
            CommandRun moved = run(source, target, "--db", "all", "--map-db", "2=3");
            try (Jedis jedis = target.jedis()) {
                jedis.select(3);
                jedis.flushDB();
                jedis.mset("a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
            }
            CommandRun foreign = run(source, target, "--db", "all", "--map-db", "2=3");

            assertThat(empty.err()).contains("holds 5 keys");
            assertThat(empty.exitCode()).isEqualTo(2);
            assertThat(moved.exitCode()).isZero();
            assertThat(foreign.err()).contains("holds 5 keys", "holds 4", "5 of 5 keys");
            assertThat(foreign.exitCode()).isEqualTo(2);
        }

        @Test
        void databasesThatAreNotReadAreNamed() {
            try (Jedis jedis = source.jedis()) {
                jedis.set("a", "1");
                jedis.select(3);
                jedis.mset("b", "1", "c", "2");
                jedis.select(5);
                jedis.set("d", "1");
            }

            assertThat(run(source, target).out())
                    .contains("note: ", "database 3 (2 keys), database 5 (1 keys)", "--db all");
            assertThat(run(source, target, "--db", "all").out()).doesNotContain("note: ");
        }

        @Test
        void keysCalledLikeTemporaryOnesAreCopied() {
            String ofARun = "rump:tmp:" + UUID.randomUUID() + ":1{abc}";
            try (Jedis jedis = source.jedis()) {
                jedis.mset("rump:tmp:mine", "1", "rump:tmp:", "2", ofARun, "3", "rump:tmp:checkpoint:prod", "4");
            }

            CommandRun run = run(source, target);

            assertThat(run.exitCode()).isZero();
            try (Jedis jedis = target.jedis()) {
                assertThat(jedis.keys("*")).containsExactlyInAnyOrder("rump:tmp:mine", "rump:tmp:");
            }
        }

        @Test
        void aPatternThatTakesNoKeyIsWarnedOf() {
            DemoData.fill(source.port(), 100);

            assertThat(run(source, target, "--match", "nobody:*").out())
                    .startsWith("COMPLETE: 0 keys")
                    .contains("note: 0 of 100 keys");
            assertThat(run(source, target, "--include-key", "nobody:*").out()).contains("note: 0 of 100 keys");
            assertThat(run(source, target).out()).doesNotContain("note: ");
        }

        @Test
        void aSampleAndADryRunSaySo() {
            DemoData.fill(source.port(), 100);

            CommandRun sample = run(source, target, "--sample", "10", "--json", "-");
            assertThat(sample.out()).contains("\"a sample of up to 10 keys");
            assertThat(sample.err()).contains("note: a sample of up to 10 keys");
            assertThat(run(source, target, "--dry-run").out()).contains("DRY RUN: nothing was written");
        }

        @Test
        void theFirstEvictionEndsTheRun() throws Exception {
            try (Jedis jedis = source.jedis()) {
                SampleData.populate(jedis, 60_000, 100);
            }
            try (Jedis jedis = target.jedis()) {
                jedis.configSet("maxmemory-policy", "allkeys-random");
                jedis.configSet("maxmemory", "3mb");
                try (RumpProcess run = RumpProcess.between(
                        source, target, List.of(), "--max-keys-per-second=10000", "--scan-count=1000")) {
                    assertThat(run.exitCode()).isEqualTo(1);
                    assertThat(run.err()).contains("evicted").contains("during the run");
                    String read = run.out()
                            .replaceAll("(?s).*read ([\\d,]+):.*", "$1")
                            .replace(",", "");
                    assertThat(Integer.parseInt(read)).as(run.output()).isLessThan(50_000);
                }
            }
        }
    }

    private static long size(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }

    private static CommandRun run(RedisServer source, RedisServer target, String... more) {
        return CommandRun.with(
                Map.of(), RumpProcess.fromTo(source, target, more).toArray(String[]::new));
    }

    private static String uri(RedisServer server) {
        return RumpProcess.uri(server);
    }
}
