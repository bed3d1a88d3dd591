package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.run.ChangeLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** A source that loses its keys at once takes none from the target before it is known how many those are. */
class LossAtSourceIT {
    private static final int KEYS = 20;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void keysThatAreReadAgainAfterFlushAllStayUntilTheTargetsNamesWereLookedUp() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.mset(IntStream.range(0, KEYS)
                    .boxed()
                    .flatMap(i -> List.of("key:" + i, "value").stream())
                    .toArray(String[]::new));
            for (String stream : List.of("stream", "other stream")) {
                jedis.xadd(stream, StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
            }

            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.live", true)
                    .start()) {
                ChangeLog changes = run.ledger().run().changes();
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.dbSize() == KEYS + 2);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !changes.gaps().wantsScanOrSweep());
                // while changes are held back, as at a cutover, the target's names are not looked up
                changes.drains().holdBack();
                jedis.flushAll();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> changes.status().flushes() == 1);
                jedis.configResetStat();
                changes.suspect(List.of(name("stream"), name("other stream")));
                await().atMost(Duration.ofSeconds(20)).until(() -> CommandStats.calls(jedis, "dump") == 2);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> run.ledger().run().pages().isSettled());
                changes.drains().again();

                await().atMost(Duration.ofSeconds(20))
                        .until(() -> changes.status().held() == KEYS + 2);
                assertThat(arrived.dbSize()).isEqualTo(KEYS + 2);
            }
        }
    }

    private static ByteBuffer name(String key) {
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.US_ASCII));
    }
}
