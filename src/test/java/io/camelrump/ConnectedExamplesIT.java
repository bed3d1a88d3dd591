package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The edits under routes/examples that talk to other systems do so to real ones: mail, HTTP, a broker, a clock. */
class ConnectedExamplesIT extends RouteFileFixture {
    private static final int HTTP_PORT = freePort();
    private static final String BROKER = "vm://examples?broker.persistent=false&broker.useJmx=false";

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;
    private static Jedis atSource;
    private static Jedis atTarget;

    @BeforeAll
    static void startServers() {
        source = SERVERS.start();
        target = SERVERS.start();
        atSource = source.jedis();
        atTarget = target.jedis();
    }

    @BeforeEach
    void fill() {
        List.of(atSource, atTarget).forEach(Jedis::flushAll);
        SampleData.fill(atSource, source.version());
        atSource.pexpire("expiring:10s", 3_600_000);
        at("source", source);
        at("target", target);
        properties.setProperty("rump.source.latency-guard", "off");
    }

    @Test
    void aMailReportsTheEnd() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, RedisServer.HOST, ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            properties.setProperty(
                    "mail.server", RedisServer.HOST + ":" + server.getSmtp().getPort());
            properties.setProperty("mail.from", "rump@example.org");
            properties.setProperty("mail.to", "ops@example.org");

            long restored = run("examples/mail-at-the-end").restored();

            assertThat(server.waitForIncomingEmail(10_000, 1)).isTrue();
            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(server.getReceivedMessages()).hasSize(1);
            assertThat(mail.getSubject()).isEqualTo("Migration COMPLETE");
            assertThat(mail.getAllRecipients()).containsExactly(new InternetAddress("ops@example.org"));
            assertThat(mail.getHeader("CamelRumpState")).isNull();
            assertThat(mail.getContent().toString())
                    .startsWith("The migration is COMPLETE: ")
                    .contains("restored=" + restored);
        } finally {
            server.stop();
        }
        checkEveryKey();
    }

    @Test
    void aWebhookOfAChatReportsTheEnd() throws Exception {
        BlockingQueue<String> posts = new LinkedBlockingQueue<>();
        HttpServer chat = HttpServer.create(new InetSocketAddress(RedisServer.HOST, 0), 0);
        chat.createContext("/hook", call -> {
            posts.add(call.getRequestMethod() + " " + call.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            call.sendResponseHeaders(204, -1);
            call.close();
        });
        chat.start();
        try {
            properties.setProperty(
                    "chat.webhook",
                    "http://" + RedisServer.HOST + ":" + chat.getAddress().getPort() + "/hook");

            run("examples/chat-at-the-end");

            String post = posts.poll(10, TimeUnit.SECONDS);
            assertThat(post).startsWith("POST application/json {");
            assertThat(json(post.substring(post.indexOf('{'))).path("text").asText())
                    .startsWith("The migration is COMPLETE: ");
            assertThat(posts).isEmpty();
        } finally {
            chat.stop(0);
        }
        checkEveryKey();
    }

    @Test
    void aCallByHttpStartsTheCopyAndTheNextOneStartsItAnew() throws Exception {
        try (RouteRun run = start("examples/start-by-call")) {
            assertThat(atTarget.dbSize()).isZero();

            assertThat(call()).isEqualTo("started");
            run.await().until(() -> run.ledger().counts().restored() == atSource.dbSize());
            checkEveryKey();
            atSource.set("made later", "a");
            atSource.set("string:raw", "changed");
            assertThat(call()).isEqualTo("started");
            run.await().until(() -> atTarget.exists("made later"));
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        checkEveryKey();
    }

    @Test
    void aCronExpressionStartsEachCopy() throws Exception {
        properties.setProperty("run.at", "* * * * * ?");

        try (RouteRun run = start("examples/nightly-by-cron")) {
            run.await().until(() -> atTarget.dbSize() == atSource.dbSize());
            // every key is checked when no copy runs: the check takes expiries off
            atSource.set("made later", "a");
            atSource.set("string:raw", "changed");
            run.await().until(() -> atTarget.exists("made later") && "changed".equals(atTarget.get("string:raw")));
        }
        checkEveryKey();
    }

    @Test
    void aTopicGetsEachKeyAsJson() throws Exception {
        properties.setProperty("topic", "jms:topic:keys");
        Map<String, String> types = new TreeMap<>();
        try (Connection connection = connect();
                Session session = connection.createSession();
                MessageConsumer topic = session.createConsumer(session.createTopic("keys"));
                RouteRun run = start("examples/json-for-analytics")) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            while (topic.receive(types.isEmpty() ? 10_000 : 200) instanceof TextMessage message) {
                JsonNode key = json(message.getText());
                assertThat(types.put(key.path("key").asText(), key.path("type").asText()))
                        .isNull();
                assertThat(key.path("value").isMissingNode()).isFalse();
            }
        }
        long streams = atSource.keys("stream:*").size();
        assertThat(streams).isPositive();
        assertThat(types).hasSize((int) (atSource.dbSize() - streams)).containsEntry("geo", "zset");
        types.forEach((key, type) -> assertThat(atSource.type(bytes(key))).isEqualTo(type));
        checkEveryKey();
    }

    @Test
    void refusedKeysAreSentToAQueueThatASecondRunReads(@TempDir Path folder) throws Exception {
        atTarget.sendCommand(
                () -> "ACL".getBytes(), "SETUSER", "some", "reset", "on", ">pw", "+@all", "~string:*", "~list:*");
        properties.setProperty("rump.target.username", "some");
        properties.setProperty("rump.target.password", "pw");
        properties.setProperty("refused.queue", "jms:queue:refused");
        properties.setProperty("refused.folder", folder.toString());
        properties.setProperty("refused.wait", "300");
        long keys = atSource.dbSize();

        try (Connection broker = connect()) {
            long refused;
            try (RouteRun run = start("examples/queue-refused-keys")) {
                assertThat(run.awaitEnd().state()).isEqualTo(RunState.REFUSED);
                refused = run.ledger().counts().refused();
            }
            assertThat(refused).isPositive().isEqualTo(keys - atTarget.dbSize());
            atTarget.sendCommand(() -> "ACL".getBytes(), "SETUSER", "some", "allkeys");
            atSource.set("not of the second run", "a");

            try (RouteRun run = start("examples/copy-queued-keys")) {
                run.await()
                        .until(() -> run.context().getRoute("copy-queued-keys") != null
                                && run.context()
                                        .getRouteController()
                                        .getRouteStatus("copy-queued-keys")
                                        .isStarted());
                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
                assertThat(run.ledger().counts().read()).isEqualTo(refused);
                // the names of today are not copied tomorrow
                run.await().until(() -> !Files.exists(folder.resolve("queued.keys")));
                try (Stream<Path> done = Files.list(folder.resolve("copied"))) {
                    assertThat(done).hasSize(1);
                }
            }
        }
        atSource.del("not of the second run");
        checkEveryKey();
    }

    @Test
    void severalMigrationsRunSideBySideByTheTemplate() throws Exception {
        for (int i = 0; i < 50; i++) {
            atSource.psetex("user:" + i, 3_600_000L + i, "name " + i);
        }
        atSource.select(1);
        SampleData.fill(atSource, source.version());
        at("users", target);
        at("orders", target);
        properties.setProperty("rump.orders.database", "3");

        try (RouteRun run = start("examples/several-migrations")) {
            assertThat(run.awaitEnd("users").counts().restored()).isEqualTo(50);
            assertThat(run.awaitEnd("orders").state()).isEqualTo(RunState.COMPLETE);
        }

        try (Jedis users = source.jedis();
                Jedis usersThere = target.jedis()) {
            assertThat(EveryKey.of(users, usersThere)
                            .named(key -> key.startsWith("user:") ? key : null)
                            .check())
                    .isGreaterThan(80);
        }
        atTarget.select(3);
        checkEveryKey();
        atSource.select(0);
        atTarget.select(0);
    }

    @Override
    void prepare(DefaultCamelContext context) {
        context.getRegistry().bind("broker", new ActiveMQConnectionFactory(BROKER));
        MainHttpServer server = new MainHttpServer();
        server.setHost(RedisServer.HOST);
        server.setPort(HTTP_PORT);
        try {
            context.addService(server);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkEveryKey() {
        assertThat(EveryKey.of(atSource, atTarget).check()).isGreaterThan(30);
    }

    private static String call() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + RedisServer.HOST + ":" + HTTP_PORT + "/migrate"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static Connection connect() throws Exception {
        Connection connection = new ActiveMQConnectionFactory(BROKER).createConnection();
        connection.start();
        return connection;
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    /** The bytes of a name as it stands in JSON. */
    private static byte[] bytes(String name) {
        return DumpedKey.of(new byte[0], new byte[] {0}, Page.NO_EXPIRY)
                .withKey(name)
                .key();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(RedisServer.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
