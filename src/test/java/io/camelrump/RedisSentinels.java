package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Three real sentinels on 127.0.0.1 that watch a master and its replica. */
public final class RedisSentinels implements AutoCloseable {
    public static final String MASTER_NAME = "orders";

    private static final int COUNT = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<RedisServer> servers;
    private final String password;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    private RedisSentinels(List<RedisServer> servers, String password) {
        this.servers = List.copyOf(servers);
        this.password = password;
        try {
            folder = Files.createTempDirectory("rump-sentinels");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-sentinels"));
    }

    /** Starts them over two new servers, which end with the fixture; the first one is the master. */
    public static RedisSentinels start(RedisServers servers, RedisServers.Version version) {
        return start(servers, version, null);
    }

    /** The same with a password for the sentinels themselves. */
    public static RedisSentinels start(RedisServers servers, RedisServers.Version version, String password) {
        RedisServer master = servers.start(version);
        RedisServer replica = servers.start(version, "--replicaof", RedisServer.HOST, "" + master.port());
        RedisSentinels sentinels = new RedisSentinels(List.of(master, replica), password);
        try {
            for (int i = 0; i < COUNT; i++) {
                sentinels.launch(version, master.port());
            }
            sentinels.awaitReady();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sentinels;
    }

    private void launch(RedisServers.Version version, int master) throws IOException {
        int port = RedisServer.freePort();
        Path own = Files.createDirectory(folder.resolve(String.valueOf(port)));
        List<String> lines = new ArrayList<>(List.of(
                "port " + port,
                "bind " + RedisServer.HOST,
                "dir " + own,
                "sentinel monitor " + MASTER_NAME + " " + RedisServer.HOST + " " + master + " 2",
                "sentinel down-after-milliseconds " + MASTER_NAME + " 500",
                "sentinel failover-timeout " + MASTER_NAME + " 5000"));
        if (password != null) {
            lines.add("requirepass " + password);
            lines.add("sentinel sentinel-pass " + password);
        }
        // a sentinel writes what it learns into its own configuration
        Path configuration = Files.write(own.resolve("sentinel.conf"), lines);
        processes.add(new ProcessBuilder(version.program(), configuration.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("sentinel.log").toFile())
                .start());
        ports.add(port);
    }

    private void awaitReady() {
        for (int port : ports) {
            Awaitility.await("sentinels that know each other and the replica")
                    .atMost(PATIENCE)
                    .until(() -> knowsAll(port));
        }
    }

    private boolean knowsAll(int port) {
        try (Jedis sentinel = jedis(port)) {
            var master = sentinel.sentinelMaster(MASTER_NAME);
            return master.get("flags").equals("master")
                    && master.get("num-other-sentinels").equals(String.valueOf(COUNT - 1))
                    && master.get("num-slaves").equals("1")
                    && sentinel.sentinelReplicas(MASTER_NAME).stream()
                            .allMatch(
                                    replica -> replica.get("master-link-status").equals("ok"));
        } catch (JedisException e) {
            return false;
        }
    }

    private Jedis jedis(int port) {
        Jedis jedis = new Jedis(RedisServer.HOST, port);
        if (password != null) {
            jedis.auth(password);
        }
        return jedis;
    }

    /** {@code host:port} of each, with commas between. */
    public String places() {
        return ports.stream().map(port -> RedisServer.HOST + ":" + port).collect(Collectors.joining(","));
    }

    /** The server that the first sentinel names. */
    public RedisServer master() {
        try (Jedis sentinel = jedis(ports.get(0))) {
            int port = Integer.parseInt(
                    sentinel.sentinelGetMasterAddrByName(MASTER_NAME).get(1));
            return servers.stream()
                    .filter(server -> server.port() == port)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Ends the master as a crash would, and waits until all name another one. */
    public void killMaster() {
        RedisServer before = master();
        before.kill9();
        for (int port : ports) {
            Awaitility.await("another master").atMost(PATIENCE).until(() -> {
                try (Jedis sentinel = jedis(port)) {
                    return !sentinel.sentinelGetMasterAddrByName(MASTER_NAME)
                            .get(1)
                            .equals(String.valueOf(before.port()));
                }
            });
        }
    }

    /** Makes all of them name this server, as if the former master were cut off from them; that one notices nothing. */
    public void rename(RedisServer other) {
        for (int port : ports) {
            try (Jedis sentinel = jedis(port)) {
                sentinel.sentinelRemove(MASTER_NAME);
                sentinel.sentinelMonitor(MASTER_NAME, RedisServer.HOST, other.port(), 2);
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
