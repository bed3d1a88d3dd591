package io.camelrump.bench;

import com.sun.management.OperatingSystemMXBean;
import io.camelrump.JoinPages;
import io.camelrump.Ledger;
import io.camelrump.RenameKeys;
import io.camelrump.RunState;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.Builder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import redis.clients.jedis.Jedis;

/**
 * Measures a rename in a split, by a bean and by an expression, beside the same copy without a split. Each round runs
 * all of them, one after the other; trust the ratios more than the rates.
 */
public final class SplitSpeed {
    private static final int KEYS = Integer.getInteger("rump.bench.split.keys", 200_000);
    private static final int ROUNDS = Integer.getInteger("rump.bench.split.rounds", 3);
    private static final int VALUE_BYTES = 100;

    private final RedisServer source;
    private final RedisServer target;

    private interface Edit {
        ProcessorDefinition<?> of(ProcessorDefinition<?> page);
    }

    private record Cost(double seconds, double cpuSeconds) {
        Cost least(Cost other) {
            return new Cost(Math.min(seconds, other.seconds), Math.min(cpuSeconds, other.cpuSeconds));
        }
    }

    private SplitSpeed(RedisServers servers) {
        source = servers.start();
        target = servers.start();
    }

    public static void main(String[] nothing) throws Exception {
        try (RedisServers servers = new RedisServers()) {
            new SplitSpeed(servers).run();
        }
    }

    private void run() throws Exception {
        try (Jedis jedis = source.jedis()) {
            DataSet.strings(KEYS, VALUE_BYTES).fill(jedis);
        }
        RenameKeys rename = new RenameKeys();
        rename.setToPrefix("eu:");
        Map<String, Edit> edits = new LinkedHashMap<>();
        edits.put("no split", page -> page);
        edits.put("RenameKeys on pages", page -> page.process(rename));
        edits.put("RenameKeys in a split", page -> page.split(Builder.body(), new JoinPages())
                .process(rename)
                .end());
        edits.put("withKey in a split", page -> page.split(Builder.body(), new JoinPages())
                .setBody(Builder.simple("${body.withKey('eu:${body.name}')}"))
                .end());
        for (String expression : List.of(
                "${body.withPrefix('eu:')}",
                "${body.withKeyPattern('eu:$database:$type:$name')}",
                "${body.withKey('eu:${body.database}:${body.type}:${body.name}')}")) {
            edits.put(expression, page -> page.split(Builder.body(), new JoinPages())
                    .setBody(Builder.simple(expression))
                    .end());
        }
        Map<String, Cost> best = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Edit> edit : edits.entrySet()) {
                best.merge(edit.getKey(), copied(edit.getValue()), Cost::least);
            }
        }
        Cost plain = best.get("no split");
        best.forEach((name, cost) -> System.out.printf(
                "%-66s %7.0f keys/s, %.2f of the rate, %.2f s of CPU (%.2f)%n",
                name,
                KEYS / cost.seconds(),
                plain.seconds() / cost.seconds(),
                cost.cpuSeconds(),
                cost.cpuSeconds() / plain.cpuSeconds()));
    }

    private Cost copied(Edit edit) throws Exception {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (RouteRun run = RouteRun.of(routes(edit), Map.of("join-pages", new JoinPages()))) {
            long cpu = system.getProcessCpuTime();
            long begin = System.nanoTime();
            Ledger ledger = run.awaitEnd();
            Cost cost = new Cost((System.nanoTime() - begin) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
            if (ledger.state() != RunState.COMPLETE || ledger.counts().restored() != KEYS) {
                throw new IllegalStateException(ledger.state() + " " + ledger.counts() + ": " + ledger.failure());
            }
            return cost;
        }
    }

    private RouteBuilder routes(Edit edit) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                edit.of(from("rump:source?host=127.0.0.1&latencyGuard=off&port=" + source.port()))
                        .to("seda:pages?size=16&blockWhenFull=true");
                from("seda:pages?size=16")
                        .aggregate(constant(1))
                        .aggregationStrategy("join-pages")
                        .completionTimeout(500)
                        .forceCompletionOnStop()
                        .to("rump:target?host=127.0.0.1&port=" + target.port());
            }
        };
    }
}
