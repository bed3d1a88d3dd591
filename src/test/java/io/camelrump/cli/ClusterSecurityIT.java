package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camelrump.fixtures.Certificates;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** Clusters by TLS, for users that an ACL holds back, and by addresses of IPv6. */
class ClusterSecurityIT {
    private static final int KEYS = 1_000;
    private static final int MASTERS = 3;
    /** All that a run cannot do without. */
    private static final String READING = "+scan +dump +pttl +cluster|nodes +readonly";

    private static final String WRITING = "+restore +cluster|slots";
    private static final String MOVING = WRITING + " +asking";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    @TempDir
    static Path folder;

    private static String ca;
    private static RedisCluster cluster;
    private static RedisServer alone;

    @BeforeAll
    static void start() {
        Certificates certificates = new Certificates(folder);
        ca = certificates.authority("ca").toString();
        certificates.signed("ca", "node", "dns:localhost");
        cluster = RedisCluster.startSecured(SERVERS, RedisServers.usual(), MASTERS, certificates, "node");
        alone = SERVERS.start();
    }

    @BeforeEach
    void empty() {
        Stream.concat(cluster.masters().stream(), Stream.of(alone)).forEach(server -> {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
        });
    }

    @Test
    void everyKeyOfASecuredClusterArrives() {
        fill(cluster);
        allow(cluster.masters(), READING);

        CommandRun run = fromCluster("--big-key=off");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertSame();
    }

    @Test
    void everyKeyArrivesAtASecuredCluster() {
        fill(alone);
        allow(cluster.masters(), WRITING);

        CommandRun run = toCluster("--big-key=off");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertSame();
    }

    @Test
    void theRulesThatAreNamedByACheckAreEnoughForARun() {
        fill(cluster);
        allow(cluster.masters(), "+@all");
        CommandRun check = fromCluster("check");
        assertThat(check.out()).containsPattern("ACL SETUSER rump-reader .*\\+cluster\\|nodes \\+readonly");
        allow(cluster.masters(), named(check, "rump-reader"));

        CommandRun away = fromCluster("--big-key=64kb");

        assertThat(away.exitCode()).as(away.err()).isZero();
        assertSame();
        empty();
        fill(alone);
        allow(cluster.masters(), "+@all");
        check = toCluster("check");
        assertThat(check.out()).containsPattern("ACL SETUSER rump-writer .*\\+cluster\\|slots \\+asking");
        allow(cluster.masters(), named(check, "rump-writer"));

        CommandRun back = toCluster("--big-key=64kb");

        assertThat(back.exitCode()).as(back.err()).isZero();
        assertSame();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster|nodes", "readonly", "scan", "dump", "pttl"})
    void aCommandThatTheReaderLacksIsNamedWithTheNodeAndTheRule(String command) {
        fill(cluster);
        allow(cluster.masters(), lacking(READING, command));

        CommandRun run = fromCluster();

        assertRefused(run, command, cluster.masters());
        assertThat(fromCluster("check").out()).containsPattern("no +source \\+" + Pattern.quote(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster|slots", "restore"})
    void aCommandThatTheWriterLacksIsNamedWithTheNodeAndTheRule(String command) {
        fill(alone);
        allow(cluster.masters(), lacking(WRITING, command));

        CommandRun run = toCluster();

        assertRefused(run, command, cluster.masters());
        assertThat(toCluster("check").out()).containsPattern("no +target \\+" + Pattern.quote(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster|nodes", "readonly", "scan", "dump"})
    void aNodeWhoseRulesAreOthersIsNamed(String command) {
        RedisServer last = cluster.masters().get(MASTERS - 1);
        allow(cluster.masters(), READING);
        allow(List.of(last), lacking(READING, command));

        assertRefused(fromCluster(), command, List.of(last));
    }

    @Test
    void aNodeThatDoesNotKnowTheUserIsNamed() {
        fill(alone);
        RedisServer last = cluster.masters().get(MASTERS - 1);
        allow(cluster.masters(), READING + " " + WRITING);
        try (Jedis jedis = last.jedis()) {
            jedis.aclDelUser("limited");
        }

        for (CommandRun run : List.of(fromCluster(), toCluster())) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err()).contains("localhost:" + last.tlsPort() + " said: WRONGPASS", "Check user");
        }
    }

    @Test
    void keysOfAMigratingSlotNeedTheAskingRule() {
        int slot = Slot.of("{tag}".getBytes(StandardCharsets.US_ASCII));
        RedisServer from = cluster.masters().get(slot * MASTERS / Slot.COUNT);
        RedisServer to = cluster.masters().get((slot * MASTERS / Slot.COUNT + 1) % MASTERS);
        try (Jedis source = alone.jedis();
                Jedis owner = from.jedis();
                Jedis next = to.jedis()) {
            for (int i = 0; i < 10; i++) {
                source.set("{tag}" + i, "value");
            }
            next.clusterSetSlotImporting(slot, cluster.id(from));
            owner.clusterSetSlotMigrating(slot, cluster.id(to));
            allow(cluster.masters(), WRITING);

            assertRefused(toCluster("--big-key=off"), "asking", List.of(to));

            allow(cluster.masters(), MOVING);
            CommandRun run = toCluster("--big-key=off");

            owner.clusterSetSlotStable(slot);
            next.clusterSetSlotStable(slot);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(next.dbSize()).isEqualTo(10);
        }
        assertSame();
    }

    @Tag("long")
    @Test
    void aReplicaIsNotReadByAUserWhoMayNotAskHowFarItIs() {
        RedisCluster replicated = RedisCluster.start(SERVERS, RedisServers.usual(), 1, 1);
        fill(replicated);
        allow(replicated.nodes(), READING);

        CommandRun run = CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", "secret"),
                "-from=redis://limited@127.0.0.1:" + replicated.port(),
                "-to=" + plain(alone),
                "--read-from=replica");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(RedisCluster.digest(List.of(alone))).isEqualTo(replicated.digest());
        try (Jedis replica = replicated.replicas().get(0).jedis()) {
            assertThat(replica.info("commandstats")).doesNotContain("cmdstat_dump");
        }
    }

    @Test
    void aClusterIsFoundByAddressesOfIPv6() {
        assumeTrue(hasIPv6(), "this machine has no ::1");
        RedisCluster six = RedisCluster.start(
                SERVERS,
                RedisServers.usual(),
                MASTERS,
                0,
                "--bind",
                "127.0.0.1",
                "::1",
                "--cluster-announce-ip",
                "::1");
        fill(six);

        CommandRun away = CommandRun.of("-from=redis://[::1]:" + six.port(), "-to=" + plain(alone));

        assertThat(away.exitCode()).as(away.err()).isZero();
        assertThat(RedisCluster.digest(List.of(alone))).isEqualTo(six.digest());
        six.masters().forEach(node -> {
            try (Jedis jedis = node.jedis()) {
                jedis.flushAll();
            }
        });

        // named by its other address
        CommandRun back = CommandRun.of(
                "-from=" + plain(alone), "-to=" + plain(six.masters().get(1)));

        assertThat(back.exitCode()).as(back.err()).isZero();
        assertThat(six.size()).isEqualTo(KEYS);
        assertThat(six.digest()).isEqualTo(RedisCluster.digest(List.of(alone)));
        assertThat(CommandRun.of("check", "-from=redis://[::1]:" + six.port(), "-to=" + plain(alone))
                        .out())
                .contains("in cluster mode: [::1]:" + six.port());
    }

    private static boolean hasIPv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static CommandRun fromCluster(String... flags) {
        return run("RUMP_FROM_PASSWORD", flags, "-from=" + secured(), "--from-ca=" + ca, "-to=" + plain(alone));
    }

    private static CommandRun toCluster(String... flags) {
        return run("RUMP_TO_PASSWORD", flags, "-from=" + plain(alone), "-to=" + secured(), "--to-ca=" + ca);
    }

    private static CommandRun run(String password, String[] flags, String... sides) {
        List<String> all = new ArrayList<>(Arrays.asList(flags));
        all.addAll(List.of(sides));
        return CommandRun.with(Map.of(password, "secret"), all.toArray(String[]::new));
    }

    private static String secured() {
        return "rediss://limited@localhost:" + cluster.masters().get(0).tlsPort();
    }

    private static String plain(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static void allow(List<RedisServer> nodes, String rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", ">secret", "~*"));
        all.addAll(List.of(rules.split(" ")));
        nodes.forEach(node -> {
            try (Jedis jedis = node.jedis()) {
                jedis.aclSetUser("limited", all.toArray(String[]::new));
            }
        });
    }

    private static String lacking(String rules, String command) {
        return rules.replace("+" + command, "").replaceAll(" +", " ").trim();
    }

    /** The rules in the line that a check prints for that user. */
    private static String named(CommandRun check, String user) {
        Matcher line = Pattern.compile("ACL SETUSER " + user + " on >PASSWORD ~\\* (.*)")
                .matcher(check.out());
        assertThat(line.find()).as(check.out() + check.err()).isTrue();
        return line.group(1).trim();
    }

    private static void assertRefused(CommandRun run, String command, List<RedisServer> nodes) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .contains("NOPERM", "'" + command + "'", "Add the rule +" + command + " to the ACL of this user.")
                .doesNotContain("secret")
                .containsAnyOf(nodes.stream()
                        .map(node -> "localhost:" + node.tlsPort() + " said")
                        .toArray(String[]::new));
    }

    private static void fill(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillMixed(jedis, KEYS);
        }
    }

    private static void fill(RedisCluster cluster) {
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < KEYS; i++) {
                switch (i % 4) {
                    case 0 -> client.rpush("list " + i, "a", "b", String.valueOf(i));
                    case 1 -> client.psetex("fleeting " + i, 3_600_000L + i, "value");
                    default -> client.set("string " + i, "value " + i);
                }
            }
        }
    }

    private static void assertSame() {
        try (Jedis jedis = alone.jedis()) {
            assertThat(cluster.size()).isEqualTo(jedis.dbSize()).isPositive();
        }
        assertThat(cluster.digest()).isEqualTo(RedisCluster.digest(List.of(alone)));
    }
}
