package io.camelrump;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.cutover.Steering;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.live.ChangeListeners;
import io.camelrump.reading.SourceFactory;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.args.ClusterFailoverOption;

/** What the readers of a cluster say of how far they are, asked step by step, without a route. */
class ClusterReaderIT {
    private static final int KEYS = 200;
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension
    private static final RedisServers SHARED = new RedisServers();

    /** Of tests that end a server, or want another version. */
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** Two masters. */
    private static RedisCluster pair;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<PageSource> opened = new ArrayList<>();
    private final Run run = new Run("rump", 1);

    @BeforeAll
    static void startPair() {
        pair = start(SHARED, RedisServers.usual(), 2);
    }

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        opened.forEach(PageSource::close);
        context.stop();
    }

    /** One that has a table of its own for each slot, by whose order it is scanned, and one that has none. */
    static List<RedisServers.Version> versions() {
        return Stream.of("redis-7.0", "redis-8.0")
                .map(RedisServers::find)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void aReaderKnowsWithoutAskingAServerWhetherThereIsMoreToRead() throws Exception {
        RedisCluster cluster = start(RedisServers.usual(), 1);
        RumpEndpoint endpoint = endpoint(cluster.port());
        PageSource reader = open(endpoint);
        readAll(reader, run);
        cluster.masters().get(0).kill9();

        assertThat(reader.isDry()).isTrue();
        assertThat(reader.isAtEnd()).isFalse();
        assertThatThrownBy(reader::settle).isInstanceOf(RedisException.class);
        assertThat(reader.isAtEnd()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void slotsWhoseKeysAreOutAreNotDoneThoughOthersAreScannedAgain(RedisServers.Version version) throws Exception {
        RedisCluster cluster = start(version, 2);
        RumpEndpoint endpoint = endpoint(cluster.port());
        PageSource reader = open(endpoint);
        List<byte[]> out = readAll(reader, run);
        cluster.reshard(cluster.masters().get(1), cluster.masters().get(0), Slot.COUNT - 1, Slot.COUNT - 1);
        reader.settle();
        readAll(reader, run);

        assertThat(reader.states()).hasSizeGreaterThan(1);
        assertThat(done(reader).intersects(slotsOf(out))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aResumedRunDoesNotPassKeysInFlight(RedisServers.Version version) throws Exception {
        RedisCluster cluster = start(version, 1);
        RumpEndpoint endpoint = endpoint(cluster.port());
        // it comes last where slots are scanned in their order, in a reply that begins with keys of others
        byte[] last = IntStream.range(0, KEYS)
                .mapToObj(i -> key(i).getBytes(US_ASCII))
                .max(Comparator.comparing(Slot::of))
                .orElseThrow();
        run.resume(allButOne(cluster.masters().get(0), Slot.of(last)));
        PageSource reader = open(endpoint);

        List<byte[]> out = readAll(reader, run);

        assertThat(out).containsExactly(last);
        assertThat(done(reader).get(Slot.of(last))).isFalse();
        assertThat(done(reader).cardinality()).isEqualTo(Slot.COUNT - 1);
    }

    private static Checkpoint allButOne(RedisServer node, int slot) {
        BitSet one = new BitSet();
        one.set(slot);
        BitSet others = new BitSet();
        others.set(0, Slot.COUNT);
        others.clear(slot);
        try (Jedis jedis = node.jedis()) {
            String id = jedis.clusterMyId();
            String runId = jedis.info("server").replaceAll("(?s).*run_id:(\\w+).*", "$1");
            return new Checkpoint(
                    List.of(
                            new Checkpoint.SourceState(id, runId, "", one, new ScanPosition(0, 0, false), null),
                            new Checkpoint.SourceState(id, runId, "", others, new ScanPosition(0, 0, true), null)),
                    Map.of(),
                    new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    false,
                    false);
        }
    }

    @Test
    void aSlotThatHasMovedAwayIsNotDoneAtItsOldOwner() throws Exception {
        RedisServer first = pair.masters().get(0);
        RedisServer second = pair.masters().get(1);
        PageSource reader = open(endpoint(pair.port()));
        pair.reshard(first, second, 0, 0);

        while (!reader.isAtEnd()) {
            reader.settle();
            reader.next();
        }

        String old = pair.id(first);
        assertThat(done(reader).get(0)).isTrue();
        assertThat(reader.states())
                .filteredOn(state -> state.node().equals(old))
                .isNotEmpty()
                .noneMatch(state -> state.slots().get(0));
        pair.reshard(second, first, 0, 0);
    }

    @Test
    @Tag("long")
    void changesWaitForAMasterThatDoesNotAnswerThoughItsReplicaWasScanned() throws Exception {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 1, 1);
        RumpEndpoint endpoint = endpoint(cluster.replicas().get(0).port());
        endpoint.getSourceOptions().setReadFrom(ReadFrom.REPLICA);
        run.follow();
        PageSource reader = open(endpoint);
        readAll(reader, run);
        cluster.masters().get(0).kill9();

        reader.settle();

        assertThat(reader.isScanEnded()).isFalse();
        assertThat(reader.isAtEnd()).isFalse();
    }

    @Test
    @Tag("long")
    void changesAtThePromotedReplicaAreFollowedBeforeItIsScanned() throws Exception {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 1, 1);
        RedisServer replica = cluster.replicas().get(0);
        RumpEndpoint endpoint = endpoint(replica.port());
        ChangeLog changes = run.follow();
        PageSource reader = open(endpoint);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ChangeListeners tails = new ChangeListeners(changes, threads)) {
            tails.open(reader.masters(), run, SOON);
            reader.onServers(tails::follow);
            readAll(reader, run);
            reader.settle();
            changes.mark(key(1).getBytes(US_ASCII));
            cluster.masters().get(0).kill9();
            try (Jedis jedis = replica.jedis()) {
                jedis.clusterFailover(ClusterFailoverOption.TAKEOVER);
                reader.next();
                assertThat(reader.isAtEnd()).isFalse();
                reader.settle();

                assertThat(reader.isDry()).isFalse();
                assertThat(jedis.info("clients")).contains("tracking_clients:1");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void noChangesAreFollowedIfOneMasterReportsNone() throws Exception {
        RedisServer first = servers.start();
        RedisServer second = servers.start();
        try (Jedis jedis = second.jedis()) {
            jedis.aclSetUser("default", "-client|tracking");
        }
        ChangeLog changes = run.follow();

        // nobody is to be followed, so no thread is needed
        try (ChangeListeners tails = new ChangeListeners(changes, work -> Assertions.fail("a tail is followed"))) {
            assertThat(tails.open(List.of(address(first.port()), address(second.port())), run, SOON))
                    .isFalse();
        }

        assertThat(changes.status().by()).isEqualTo(ChangeSource.SCANS);
    }

    private RedisCluster start(RedisServers.Version version, int masters) {
        return start(servers, version, masters);
    }

    private static RedisCluster start(RedisServers servers, RedisServers.Version version, int masters) {
        RedisCluster cluster = RedisCluster.start(servers, version, masters, 0);
        try (RedisClusterClient client = cluster.client()) {
            IntStream.range(0, KEYS).forEach(i -> client.set(key(i), "value"));
        }
        return cluster;
    }

    private static String key(int i) {
        return "key " + i;
    }

    private RumpEndpoint endpoint(int port) throws Exception {
        return context.getEndpoint(
                "rump:source?scanCount=10&retryFor=1s&host=" + RedisServer.HOST + "&port=" + port, RumpEndpoint.class);
    }

    private PageSource open(RumpEndpoint endpoint) throws InterruptedException {
        PageSource reader = new SourceFactory(endpoint.read(), new Steering()).open(run, null);
        opened.add(reader);
        return reader;
    }

    /** Reads until there is nothing to be read, and gives the keys, which stay out. */
    private static List<byte[]> readAll(PageSource reader, Run run) throws InterruptedException {
        List<byte[]> keys = new ArrayList<>();
        while (!reader.isDry()) {
            PageData page = reader.next();
            if (page != null) {
                Objects.requireNonNull(run.pages().open(page, reader.epoch()));
                new Page(page).forEach(key -> keys.add(key.key()));
            }
        }
        return keys;
    }

    /** Slots of which a later run would read nothing more. */
    private static BitSet done(PageSource reader) {
        BitSet done = new BitSet();
        reader.states().stream().filter(state -> state.position().ended()).forEach(state -> done.or(state.slots()));
        return done;
    }

    private static BitSet slotsOf(List<byte[]> keys) {
        BitSet slots = new BitSet();
        keys.forEach(key -> slots.set(Slot.of(key)));
        return slots;
    }

    private static ServerAddress address(int port) {
        return new ServerAddress(RedisServer.HOST, port, null, null, 0, SOON, SOON);
    }
}
