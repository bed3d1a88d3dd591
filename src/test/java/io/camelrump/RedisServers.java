package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * The real servers that tests run against.
 *
 * <p>As a {@code @RegisterExtension} field it ends what it started: after each test, or after the class when the field
 * is static. {@code @MethodSource("io.camelrump.RedisServers#versions")} gives a test every version at hand.
 */
public final class RedisServers implements BeforeAllCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {

    private static final Path CLOCK_SHIFTER = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final List<Version> LOCAL = local();

    static {
        // servers change within moments: what a test waits for is looked at at once, and often
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }

    private final List<RedisServer> started = new CopyOnWriteArrayList<>();
    private boolean shared;

    /**
     * A server that can be started here.
     *
     * @param name such as redis-6.2 or valkey-8.1
     * @param program the server's file, or the image of a container
     */
    public record Version(String name, String program, boolean container) {

        private static final Pattern NAME = Pattern.compile("(redis|valkey)[-:](\\d+)(?:\\.(\\d+))?.*");

        public Version {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is not like redis-6.2 or valkey-8.1");
            }
        }

        public boolean isValkey() {
            return name.startsWith("valkey");
        }

        /** Whether it knows what that version of Redis knows; every Valkey counts as Redis 7.2, where it branched off. */
        public boolean isLike(int major, int minor) {
            int level = isValkey() ? 702 : number(2) * 100 + number(3);
            return level >= major * 100 + minor;
        }

        /** Whether single fields of a hash can expire. */
        public boolean hasFieldExpiry() {
            return isValkey() ? number(2) >= 9 : isLike(7, 4);
        }

        private int number(int group) {
            Matcher matcher = NAME.matcher(name);
            return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Every version at hand, oldest first: Redis, then Valkey, then images where a container engine answers. */
    public static List<Version> versions() {
        return Stream.concat(LOCAL.stream(), containers().stream()).toList();
    }

    /** The images that a container engine can run here; none without an engine. */
    public static List<Version> containers() {
        return Engine.ANSWERS
                ? List.of(new Version("redis:8", "redis:8", true), new Version("valkey:9", "valkey/valkey:9", true))
                : List.of();
    }

    /** The version of that name, such as redis-7.0; the three from the build (2.8, 6.2, 7.0) are always there. */
    public static Version version(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(name + " is not among " + versions()));
    }

    /** As {@link #version}, for a version that only some machines have. */
    public static Optional<Version> find(String name) {
        return versions().stream()
                .filter(version -> version.name().equals(name))
                .findFirst();
    }

    /** The version that a test takes when any will do. */
    public static Version usual() {
        return version("redis-7.0");
    }

    /** Whether {@link #startShifted} works here. */
    public static boolean canShiftClock() {
        return Files.exists(CLOCK_SHIFTER);
    }

    public RedisServer start() {
        return start(usual());
    }

    /** Starts a server that answers when this returns; arguments are as on its command line. */
    public RedisServer start(Version version, String... arguments) {
        return keep(
                version.container()
                        ? new ContainerServer(version, arguments)
                        : new ProcessServer(version, Map.of(), arguments));
    }

    /** Starts a Redis 6.2 whose clock is some seconds ahead, or behind when negative. */
    public RedisServer startShifted(int seconds, String... arguments) {
        return startFaked(Map.of("FAKETIME", (seconds < 0 ? "" : "+") + seconds + "s"), arguments);
    }

    /** Starts a Redis 6.2 whose clock is ahead by what this file says at the time, such as +20s. */
    public RedisServer startFollowing(Path clock, String... arguments) {
        return startFaked(Map.of("FAKETIME_TIMESTAMP_FILE", clock.toString(), "FAKETIME_NO_CACHE", "1"), arguments);
    }

    private RedisServer startFaked(Map<String, String> time, String... arguments) {
        Map<String, String> environment = new HashMap<>(time);
        environment.put("LD_PRELOAD", CLOCK_SHIFTER.toString());
        // the wall clock only: the server's timers go by the monotonic one
        environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        return keep(new ProcessServer(version("redis-6.2"), environment, arguments));
    }

    private RedisServer keep(RedisServer server) {
        started.add(server);
        return server;
    }

    @Override
    public void close() {
        started.forEach(RedisServer::close);
        started.clear();
    }

    // called for static fields only
    @Override
    public void beforeAll(ExtensionContext context) {
        shared = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!shared) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private static List<Version> local() {
        List<Version> found = new ArrayList<>();
        for (String name : List.of("redis-2.8", "redis-6.2", "redis-7.0")) {
            found.add(new Version(name, unpacked(name), false));
        }
        String more = System.getenv().getOrDefault("RUMP_TEST_SERVERS", "");
        for (String entry : more.isBlank() ? new String[0] : more.strip().split("\\s+")) {
            String[] parts = entry.split("=", 2);
            if (parts.length < 2 || !Files.isExecutable(Path.of(parts[1]))) {
                throw new IllegalStateException("RUMP_TEST_SERVERS: '" + entry + "' names no program, as name=path");
            }
            found.add(new Version(parts[0], parts[1], false));
        }
        return List.copyOf(found);
    }

    private static String unpacked(String name) {
        Path folder = Path.of(System.getProperty("rump.test.servers.dir", "target/servers"), name);
        try (Stream<Path> files = Files.list(folder)) {
            Path program = files.filter(file -> file.getFileName().toString().startsWith("redis-server"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("No redis-server in " + folder));
            // archives of Java classes carry no file modes
            if (!Files.isExecutable(program) && !program.toFile().setExecutable(true)) {
                throw new IllegalStateException("Can't make " + program + " executable");
            }
            return program.toAbsolutePath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Servers are unpacked by 'mvn generate-test-resources'", e);
        }
    }

    /** Asked once, and only where there is something to ask: a search for an engine takes seconds. */
    private static final class Engine {

        static final boolean ANSWERS = !"false".equals(System.getenv("RUMP_TEST_CONTAINERS"))
                && !"false".equals(System.getProperty("RUMP_TEST_CONTAINERS"))
                && (System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock")))
                && DockerClientFactory.instance().isDockerAvailable();
    }
}
