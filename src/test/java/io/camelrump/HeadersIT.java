package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** What the headers of each page say before and after it was written. */
class HeadersIT {
    private static final int KEYS = 500;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final List<Message> read = new CopyOnWriteArrayList<>();
    private final List<Message> written = new CopyOnWriteArrayList<>();

    @Test
    void headersDescribeEachPageAndTheOutcomesOfItsKeys() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, target);
        try (RouteRun run = RouteRun.of(routes -> routes.from(
                        "rump:source?host=127.0.0.1&database=2&scanCount=50&port=" + source.port())
                .process(exchange -> copy(exchange, read))
                .to("rump:target?host=127.0.0.1&onConflict=keep&username=writer&password=pw&port=" + target.port())
                .process(exchange -> copy(exchange, written)))) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.REFUSED);
            run.await().until(() -> isLast(written));
        }

        List<Message> pages = read.subList(0, read.size() - 1);
        assertThat(pages).hasSizeGreaterThan(5).allSatisfy(HeadersIT::describesItsPage);
        assertThat(pages)
                .extracting(page -> number(page, RumpConstants.PROGRESS))
                .isSorted()
                .last()
                .isEqualTo(1.0);
        assertThat(sum(pages, RumpConstants.KEYS)).isEqualTo(KEYS + 5);
        assertThat(read.get(pages.size()).getHeaders())
                .containsEntry(RumpConstants.COMPLETE, false)
                .containsEntry(RumpConstants.STATE, RunState.REFUSED)
                .containsEntry(RumpConstants.KEYS, 0);

        List<Message> results = written.subList(0, written.size() - 1);
        assertThat(results).allSatisfy(HeadersIT::accountsForItsKeys);
        assertThat(results).extracting(Message::getBody).containsExactlyElementsOf(bodies(pages));
        assertThat(sum(results, RumpConstants.RESTORED)).isEqualTo(KEYS);
        assertThat(sum(results, RumpConstants.KEPT)).isEqualTo(2);
        assertThat(sum(results, RumpConstants.REFUSED)).isEqualTo(3);
        assertThat(results.stream().flatMap(page -> failures(page).stream()))
                .allSatisfy(refusal -> assertThat(refusal.cause()).contains("NOPERM"))
                .extracting(Refusal::quotedKey)
                .containsExactlyInAnyOrder("\"secret:1\"", "\"secret:2\"", "\"secret:3\"");
    }

    private static void fill(RedisServer source, RedisServer target) {
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.select(2);
            SampleData.fillStrings(from, KEYS, 10);
            from.mset("foreign:1", "ours", "foreign:2", "ours", "secret:1", "v", "secret:2", "v", "secret:3", "v");
            to.mset("foreign:1", "theirs", "foreign:2", "theirs");
            to.aclSetUser("writer", "on", ">pw", "+@all", "~string:*", "~foreign:*", "~rump:tmp:*");
        }
    }

    private static void describesItsPage(Message message) {
        Page page = message.getBody(Page.class);
        assertThat(message.getHeaders())
                .containsEntry(RumpConstants.KEYS, page.size())
                .containsEntry(RumpConstants.BYTES, page.bytes())
                .containsEntry(RumpConstants.DATABASE, 2)
                .doesNotContainKeys(RumpConstants.COMPLETE, RumpConstants.STATE, RumpConstants.COUNTS);
        assertThat(number(message, RumpConstants.PROGRESS)).isBetween(0.0, 1.0);
    }

    private static void accountsForItsKeys(Message message) {
        assertThat(number(message, RumpConstants.RESTORED)
                        + number(message, RumpConstants.KEPT)
                        + number(message, RumpConstants.REFUSED))
                .isEqualTo(message.getBody(Page.class).size());
        assertThat(failures(message)).hasSize((int) number(message, RumpConstants.REFUSED));
    }

    private static List<Object> bodies(List<Message> messages) {
        return messages.stream().map(Message::getBody).toList();
    }

    private static long sum(List<Message> messages, String header) {
        return messages.stream()
                .mapToLong(message -> (long) number(message, header))
                .sum();
    }

    private static double number(Message message, String header) {
        return message.getHeader(header, Number.class).doubleValue();
    }

    private static List<Refusal> failures(Message message) {
        List<Refusal> refusals = new ArrayList<>();
        for (Object refusal : message.getHeader(RumpConstants.FAILURES, List.class)) {
            refusals.add((Refusal) refusal);
        }
        return refusals;
    }

    private static boolean isLast(List<Message> messages) {
        return !messages.isEmpty() && messages.get(messages.size() - 1).getHeader(RumpConstants.COMPLETE) != null;
    }

    private static void copy(Exchange exchange, List<Message> messages) {
        messages.add(exchange.getMessage().copy());
    }
}
