package io.camelrump.cli.demo;

import io.camelrump.cli.process.StopSignals;
import io.camelrump.cli.process.Version;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Two Redis servers on free ports of this machine, which take a random password only, with their files in a temporary
 * folder; gone when closed.
 */
public final class DemoServers implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final long START_MILLIS = 10_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PASSWORD_BYTES = 24;

    private final Path folder;
    private final String password = randomPassword();
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Thread atExit = new Thread(this::end, "end-demo-servers");

    private DemoServers(Path folder) {
        this.folder = folder;
    }

    public static DemoServers start(StopSignals signals) throws IOException, InterruptedException {
        DemoServers servers = new DemoServers(Files.createTempDirectory("rump-demo"));
        Runtime.getRuntime().addShutdownHook(servers.atExit);
        signals.beforeHalt(servers::end);
        try {
            String binary = servers.binary();
            Path config = servers.config();
            servers.launch(binary, config);
            servers.launch(binary, config);
            return servers;
        } catch (IOException | InterruptedException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    public int sourcePort() {
        return ports.get(0);
    }

    public int targetPort() {
        return ports.get(1);
    }

    public String password() {
        return password;
    }

    /** A connection to one of the two. */
    public Jedis connect(int port, int timeoutMillis) {
        Jedis jedis = new Jedis("127.0.0.1", port, timeoutMillis);
        try {
            jedis.auth(password);
            return jedis;
        } catch (JedisException e) {
            jedis.close();
            throw e;
        }
    }

    private static String randomPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** The password is in a file, as every user of the machine can read the arguments of a process. */
    private Path config() throws IOException {
        return Files.writeString(folder.resolve("redis.conf"), "requirepass " + password + "\n");
    }

    /** Whether a binary for this platform is bundled. */
    public static boolean areBundled() {
        return DemoServers.class.getResource(resource()) != null;
    }

    private static String resource() {
        return "/redis-server-7.0.15-" + platform().replace(' ', '-');
    }

    /** System and machine, as the names of the binaries have them. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> system + " amd64";
            case "aarch64", "arm64" -> system + " arm64";
            case "x86", "i386" -> system + " 386";
            default -> system + " " + System.getProperty("os.arch");
        };
    }

    /** The bundled binary for this platform, unpacked; where there is none, the one on the PATH. */
    private String binary() throws IOException {
        try (InputStream bundled = DemoServers.class.getResourceAsStream(resource())) {
            if (bundled == null) {
                requireOnPath();
                System.err.println("No Redis is bundled for " + platform() + ": taking " + PROGRAM + " from the PATH.");
                return PROGRAM;
            }
            Path binary = folder.resolve(PROGRAM);
            Files.copy(bundled, binary);
            if (!binary.toFile().setExecutable(true)) {
                throw new IOException(binary + " cannot be made executable");
            }
            return binary.toString();
        }
    }

    private static void requireOnPath() throws IOException {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, PROGRAM))) {
                return;
            }
        }
        throw new IOException("The demo takes a Redis server, which is in an archive of its own: unpack camel-rump-"
                + Version.own() + "-demo.tar.gz over this installation, or install " + PROGRAM);
    }

    private void launch(String binary, Path config) throws IOException, InterruptedException {
        int port = freePort();
        Process process = new ProcessBuilder(
                        binary,
                        config.toString(),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        folder.toString(),
                        "--enable-debug-command",
                        "local")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(port + ".log").toFile())
                .start();
        processes.add(process);
        ports.add(port);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (!answers(port)) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                throw new IOException("redis-server did not start: "
                        + Files.readString(folder.resolve(port + ".log")).strip());
            }
        }
    }

    private boolean answers(int port) {
        try (Jedis jedis = connect(port, CONNECT_MILLIS)) {
            return jedis.ping().equals("PONG");
        } catch (JedisException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void end() {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.onExit().join();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a temporary folder: the system clears it
        }
    }
}
