package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples that listen to a live run do so, and reach a real HTTP server. */
class EventExamplesIT extends RouteFileFixture {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @BeforeEach
    void fill() {
        SampleData.fill(PAIR.atSource(), PAIR.source().version());
        at("source", PAIR.source());
        at("target", PAIR.target());
        properties.setProperty("rump.source.latency-guard", "off");
    }

    private static void checkEveryKey() {
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(30);
    }

    @Test
    void aWebhookOfAChatReportsEachEvent() throws Exception {
        BlockingQueue<String> posts = new LinkedBlockingQueue<>();
        HttpServer chat = httpServer(call -> {
            posts.add(new ObjectMapper()
                    .readTree(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .path("text")
                    .asText());
            return 204;
        });
        try {
            properties.setProperty("chat.webhook", urlOf(chat));
            try (RouteRun run = start("examples/events-to-chat")) {
                run.await().until(() -> posts.stream().anyMatch(text -> text.contains("were verified")));
                run.context().createProducerTemplate().requestBody("rump:source?operation=cutover", "");
                run.awaitEnd();
                run.await().until(() -> posts.stream().anyMatch(text -> text.contains("ended COMPLETE")));
            }
            assertThat(posts)
                    .contains("rump: The run has started.")
                    .anyMatch(text -> text.startsWith("rump: The first copy is complete"))
                    .anyMatch(text -> text.startsWith("rump: Converged as of "));
        } finally {
            chat.stop(0);
        }
        checkEveryKey();
    }

    @Test
    void clientsAreSwitchedByHttpAtTheBarrierOrTheRunWaitsForAPerson() throws Exception {
        AtomicInteger answer = new AtomicInteger(500);
        BlockingQueue<String> switched = new LinkedBlockingQueue<>();
        HttpServer proxy = httpServer(call -> {
            switched.add(call.getRequestMethod() + " "
                    + new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8) + " "
                    + PAIR.atTarget().get("late"));
            return answer.get();
        });
        try {
            properties.setProperty("switch.url", urlOf(proxy));
            properties.setProperty("switch.to", "new.example.org:6379");
            properties.setProperty("rump.source.pause-writes", "20s");
            try (RouteRun run = start("examples/switch-endpoint")) {
                run.await().until(() -> run.ledger().phase() == RunPhase.FOLLOWING);
                PAIR.atSource().set("late", "a");
                steer(run, "cutover");
                run.await().until(() -> run.ledger().phase() == RunPhase.UNDECIDED);
                assertThat(switched.take())
                        .startsWith("PUT {\"endpoint\": \"new.example.org:6379\", ")
                        .endsWith(" a");

                steer(run, "abort");
                run.await().until(() -> run.ledger().phase() == RunPhase.FOLLOWING);
                answer.set(200);
                steer(run, "cutover");

                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
                run.await().until(() -> run.ledger().cutover() != null);
                assertThat(run.ledger().cutover().convergedAsOf()).isNotNull();
                assertThat(switched).hasSize(1);
            }
        } finally {
            PAIR.atSource().clientUnpause();
            proxy.stop(0);
        }
        checkEveryKey();
    }

    private static void steer(RouteRun run, String operation) {
        run.context().createProducerTemplate().requestBody("rump:source?operation=" + operation, "");
    }

    /** Answers a request by a status. */
    private interface Answer {
        int to(HttpExchange call) throws Exception;
    }

    private static HttpServer httpServer(Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(RedisServer.HOST, 0), 0);
        server.createContext("/hook", call -> {
            try {
                call.sendResponseHeaders(answer.to(call), -1);
            } catch (Exception e) {
                throw new IOException(e);
            } finally {
                call.close();
            }
        });
        server.start();
        return server;
    }

    private static String urlOf(HttpServer server) {
        return "http://" + RedisServer.HOST + ":" + server.getAddress().getPort() + "/hook";
    }
}
