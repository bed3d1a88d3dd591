package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.Counts;
import io.camelrump.fixtures.Certificates;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

class TlsIT {
    private static final int KEYS = 1_000;
    private static final String HERE = "dns:localhost,ip:127.0.0.1";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static String ca;
    private static Secured source;
    private static Secured strict;
    private static RedisServer target;

    @TempDir
    Path own;

    /** A server that speaks TLS on one port, and on the other one without. */
    private record Secured(RedisServer plain, int port) {

        static Secured start(RedisServers.Version version, String certificate, String clients) {
            int port = RedisServer.freePort();
            return new Secured(SERVERS.start(version, certificates.server(port, certificate, "ca", clients)), port);
        }

        static Secured start(String certificate) {
            return start(RedisServers.usual(), certificate, "no");
        }

        String uri() {
            return "rediss://127.0.0.1:" + port;
        }
    }

    @BeforeAll
    static void start() {
        certificates = new Certificates(folder);
        ca = certificates.authority("ca").toString();
        certificates.authority("foreign");
        certificates.signed("ca", "right", HERE);
        certificates.signed("ca", "expired", HERE, "-startdate", "-30d", "-validity", "10");
        certificates.signed("ca", "early", HERE, "-startdate", "+10d");
        certificates.signed("ca", "elsewhere", "dns:redis.example");
        certificates.signed("foreign", "stranger", HERE);
        source = Secured.start("right");
        strict = Secured.start(RedisServers.usual(), "right", "yes");
        target = SERVERS.start();
        try (Jedis jedis = source.plain().jedis()) {
            SampleData.fillMixed(jedis, KEYS);
        }
        try (Jedis jedis = strict.plain().jedis()) {
            jedis.set("a", "b");
        }
    }

    private static CommandRun dryRun(String... arguments) {
        return CommandRun.of(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("-to=redis://127.0.0.1:" + target.port(), "--dry-run", "--retry-for=2s"))
                .toArray(String[]::new));
    }

    static List<RedisServers.Version> versions() {
        return RedisServers.versions().stream()
                .filter(version -> version.isLike(6, 0) && !version.container())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyConnectionOfARunIsEncrypted(RedisServers.Version version) {
        Secured to = Secured.start(version, "right", "no");

        CommandRun run = CommandRun.of(
                "-from=" + source.uri(),
                "-to=" + to.uri(),
                "--from-ca=" + ca,
                "--to-ca=" + ca,
                "--verify",
                "--checkpoint=target:tls",
                "--big-key=64kb");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("restored 1,000", "EQUAL");
        to.plain().close();
    }

    @Test
    void aLiveRunHearsOfChangesAndPausesWritesByTls() throws Exception {
        Secured to = Secured.start("right");
        Path go = own.resolve("go");
        CompletableFuture<CommandRun> live = CompletableFuture.supplyAsync(() -> CommandRun.of(
                "-from=" + source.uri(),
                "-to=" + to.uri(),
                "--from-ca=" + ca,
                "--to-ca=" + ca,
                "--live",
                "--pause-writes=1s",
                "--cutover-file=" + go));
        awaitChange(source, to);
        Files.createFile(go);

        CommandRun run = live.join();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("CONVERGED");
        to.plain().close();
    }

    @Test
    @Tag("long")
    void keyspaceNotificationsAreHeardByTls() throws Exception {
        Secured to = Secured.start("right");
        try (Jedis jedis = source.plain().jedis()) {
            jedis.configSet("notify-keyspace-events", "AE");
            jedis.aclSetUser("reader", "on", ">secret", "~*", "&*", "+@all", "-client|tracking");
        }
        Path go = own.resolve("go");
        Path json = own.resolve("run.json");
        CompletableFuture<CommandRun> live = CompletableFuture.supplyAsync(() -> CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", "secret"),
                "-from=rediss://reader@127.0.0.1:" + source.port(),
                "-to=" + to.uri(),
                "--from-ca=" + ca,
                "--to-ca=" + ca,
                "--live",
                "--cutover-file=" + go,
                "--json=" + json));
        awaitChange(source, to);
        Files.createFile(go);

        CommandRun run = live.join();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(json).content().contains("\"reportedBy\" : \"notifications\"");
        to.plain().close();
    }

    private static void awaitChange(Secured from, Secured to) {
        try (Jedis source = from.plain().jedis();
                Jedis copied = to.plain().jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> copied.dbSize() >= KEYS);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                source.set("mixed:heard", "of");
                return copied.exists("mixed:heard");
            });
            source.del("mixed:heard");
            await().atMost(Duration.ofSeconds(30)).until(() -> !copied.exists("mixed:heard"));
        }
    }

    @Test
    void aRunContinuesAfterOneConnectionIsCutAndAnotherCorrupted() {
        Secured to = Secured.start("right");
        try (FaultyProxy reading = new FaultyProxy(source.port());
                FaultyProxy writing = new FaultyProxy(to.port())) {
            reading.cutAfter(FaultyProxy.Direction.TO_CLIENT, 30_000);
            writing.flipAfter(FaultyProxy.Direction.TO_SERVER, 20_000);

            CommandRun run = CommandRun.of(
                    "-from=rediss://127.0.0.1:" + reading.port(),
                    "-to=rediss://127.0.0.1:" + writing.port(),
                    "--from-ca=" + ca,
                    "--to-ca=" + ca,
                    "--scan-count=100",
                    "--batch-keys=100");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("restored 1,000");
            // the reader and its guard, each once more; likewise the writer
            assertThat(reading.accepted()).isGreaterThan(2);
            assertThat(writing.accepted()).isGreaterThan(1);
        }
        to.plain().close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expired | has expired at 20",
                "early | is not valid yet, but from 20",
                "stranger | is signed by a CA that is not trusted here (CN=foreign): give that CA's certificate by"
                        + " --from-ca",
                "elsewhere | is for another name: redis.example. Connect by a name that it has",
            })
    void aCertificateThatIsNotRightEndsTheRunInOneLineThatSaysWhy(String certificate, String reason) {
        Secured server = Secured.start(certificate);

        CommandRun run = dryRun("-from=" + server.uri(), "--from-ca=" + ca);

        assertThat(run.err()).startsWith("rump: The certificate of 127.0.0.1:" + server.port() + " " + reason);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(1);
        server.plain().close();
    }

    @Test
    void aCertificateCarriesTheHostOrTheNameThatIsAskedFor() {
        Secured server = Secured.start("elsewhere");

        CommandRun named = dryRun("-from=" + server.uri(), "--from-ca=" + ca, "--from-sni=redis.example");
        CommandRun misnamed = dryRun("-from=" + source.uri(), "--from-ca=" + ca, "--from-sni=redis.example");

        assertThat(named.exitCode()).as(named.err()).isZero();
        // the host's own name still does
        assertThat(misnamed.exitCode()).as(misnamed.err()).isZero();
        server.plain().close();
    }

    @Test
    void insecureTakesAnyCertificateForAnyName() {
        Secured server = Secured.start("expired");

        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        CommandRun run = dryRun("-from=" + server.uri(), "--from-insecure");
        System.setErr(usual);
        CommandRun check = CommandRun.of(
                "check", "-from=" + server.uri(), "--from-insecure", "-to=" + source.uri(), "--to-ca=" + ca);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("source at 127.0.0.1:" + server.port() + " may be anybody");
        assertThat(check.out())
                .containsPattern("note  source TLS +TLSv1.3, but anybody may have answered")
                .containsPattern("yes   target TLS +TLSv1.3, certificate valid until 20");
        server.plain().close();
    }

    @Test
    @Tag("long")
    void saysWhichSideSpeaksTls() {
        assertThat(dryRun("-from=rediss://127.0.0.1:" + source.plain().port()).err())
                .contains("does not speak TLS: write redis://")
                .hasLineCount(1);
        assertThat(dryRun("-from=redis://127.0.0.1:" + source.port()).err())
                .contains("speaks TLS: write rediss://")
                .hasLineCount(1);
    }

    @Test
    void aClientShowsItsCertificateFromAnyKindOfFile() throws Exception {
        String[] toStrict = {"-from=" + strict.uri(), "--from-ca=" + ca};
        String pem = certificates.file("right.pem");
        String both = Files.writeString(
                        own.resolve("both.pem"),
                        Files.readString(Path.of(pem)) + Files.readString(Path.of(certificates.file("right.key"))))
                .toString();
        String store = certificates.keyStore("right", "of the store");
        Path password = Files.writeString(own.resolve("password"), "of the store\n");

        assertThat(shown(toStrict, "--from-cert=" + pem, "--from-key=" + certificates.file("right.key")))
                .isEmpty();
        assertThat(shown(toStrict, "--from-cert=" + pem, "--from-key=" + certificates.olderKey("right")))
                .isEmpty();
        assertThat(shown(toStrict, "--from-cert=" + both)).isEmpty();
        assertThat(shown(toStrict, "--from-cert=" + store, "--from-key-password-file=" + password))
                .isEmpty();
        assertThat(shown(toStrict, "--from-cert=" + store)).contains("--from-cert=" + store, "keyPassword");
        assertThat(shown(toStrict, "--from-cert=" + pem)).contains("a PEM file with the private key; it has none");
        assertThat(shown(toStrict)).contains("it wants a certificate of the client, by --from-cert and --from-key");
        assertThat(shown(
                        toStrict,
                        "--from-cert=" + certificates.file("stranger.pem"),
                        "--from-key=" + certificates.file("stranger.key")))
                .contains("it does not take the certificate of the client");
    }

    private static String shown(String[] flags, String... more) {
        return dryRun(Stream.concat(Stream.of(flags), Stream.of(more)).toArray(String[]::new))
                .err();
    }

    @Test
    void aRouteTakesCamelsOwnConfigurationOfAnEndpointOrOfAll() {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("file:" + certificates.file("all.p12"));
        store.setPassword("changeit");
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(store);
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        Secured to = Secured.start("right");

        try (io.camelrump.fixtures.Migration run = io.camelrump.fixtures.Migration.from(source.port())
                .to(to.port())
                .bind("ssl", parameters)
                .with("rump.source.tls", true)
                .with("rump.source.ssl-context-parameters", "#bean:ssl")
                .with("rump.target.tls", true)
                .with("rump.target.ca", ca)
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isEqualTo(KEYS);
        }
        try (io.camelrump.fixtures.Migration run = io.camelrump.fixtures.Migration.from(source.port())
                .to(to.port())
                .with("camel.ssl.enabled", true)
                .with("camel.ssl.trustStore", "file:" + certificates.file("all.p12"))
                .with("camel.ssl.trustStorePassword", "changeit")
                .with("camel.component.rump.useGlobalSslContextParameters", true)
                .with("rump.source.tls", true)
                .with("rump.target.tls", true)
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isEqualTo(KEYS);
        }
        to.plain().close();
    }
}
