package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Which keys are taken, and what becomes of the others. */
class KeySelectionIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // include-key, exclude-key, include-regex, exclude-regex, keys
                "user:*, -, -, -, user:1 user:12 user:a",
                "'user:?\norder:*', -, -, -, order:1 user:1 user:a",
                "-, user:*, -, -, order:1 rest",
                "*, '*1*\nrest', -, -, user:a",
                "-, -, 'user:\\d+', -, user:1 user:12",
                "-, -, -, '(user|order):.*', rest",
                "rest, -, 'order:.', -, order:1 rest",
                "user:*, user:1, '.*', '.*a', order:1 rest user:12",
                "nothing, -, -, -, ''"
            })
    void takesKeysByNameAndCountsTheOthersAsFiltered(
            String includeKey, String excludeKey, String includeRegex, String excludeRegex, String keys) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "1", "user:12", "2", "user:a", "3", "order:1", "4", "rest", "5");
            Migration run = Migration.from(port(a)).to(port(b)).with("scan.count", 2);
            with(run, "scan.include-key", includeKey);
            with(run, "scan.exclude-key", excludeKey);
            with(run, "scan.include-regex", includeRegex);
            with(run, "scan.exclude-regex", excludeRegex);
            try (run) {
                Counts counts = run.start().awaitComplete();

                Set<String> taken = new TreeSet<>(b.keys("*"));
                assertThat(String.join(" ", taken)).isEqualTo(keys);
                assertThat(counts.read()).isEqualTo(5);
                assertThat(counts.restored()).isEqualTo(taken.size());
                assertThat(counts.filtered()).isEqualTo(5 - taken.size());
            }
        }
    }

    @Test
    void doesNotDumpWhatItLeavesOut() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("scan.include-key", "mixed:1?")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(2990);
            }
            // ten keys, and the probe of the start
            assertThat(calls(a, "dump")).isEqualTo(11);
        }
    }

    @Test
    void readsBinaryNamesAsTheyAre() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fill(a, RedisServers.usual());
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("scan.include-regex", ".*")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isZero();
            }
            assertThat(b.dbSize()).isEqualTo(a.dbSize());
        }
    }

    @Test
    void anOptionMayStandInAUriSeveralTimes() throws Exception {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "1", "order:1", "2", "rest", "3");
            String from = "rump:source?host=127.0.0.1&port=" + port(a) + "&includeKey=user:*&includeKey=order:*";
            String to = "rump:target?host=127.0.0.1&port=" + port(b);
            RouteBuilder routes = new RouteBuilder() {
                @Override
                public void configure() {
                    from(from).to(to);
                }
            };
            try (RouteRun run = RouteRun.of(routes, java.util.Map.of())) {
                assertThat(run.awaitEnd().counts().filtered()).isEqualTo(1);
            }
            assertThat(b.keys("*")).containsExactlyInAnyOrder("user:1", "order:1");
        }
    }

    @Test
    void aLongScanThatFindsNothingShowsItsProgressAndStops() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillStrings(a, 100_000, 1);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("scan.include-key", "nothing")
                    .with("scan.count", 1)
                    .start()) {
                Ledger ledger = run.ledger();
                AtomicReference<Counts> midway = new AtomicReference<>(ledger.counts());
                org.awaitility.Awaitility.await().until(() -> {
                    midway.set(ledger.counts());
                    return midway.get().filtered() > 100;
                });
                assertThat(ledger.progress()).isBetween(0.0, 1.0);
                ledger.stopReading();
                run.close();

                assertThat(ledger.state()).isEqualTo(Ledger.State.INCOMPLETE);
                assertThat(ledger.counts().read()).isLessThan(100_000);
                assertThat(ledger.counts().balanced()).isTrue();
            }
        }
    }

    private static void with(Migration run, String name, String value) {
        if (value != null) {
            // a + in an option's text is a space to Camel
            run.bind(name, new StringBuilder(value)).with(name, "#bean:" + name);
        }
    }

    static long calls(Jedis jedis, String command) {
        return List.of(jedis.info("commandstats").split("\r?\n")).stream()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst("[^=]*calls=(\\d+).*", "$1")))
                .sum();
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
