package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Jedis;

/** A source with keys of every kind and an empty target, which the tests of a class share. */
final class PlatformServers implements BeforeEachCallback, AfterAllCallback {
    private static final int KEYS = 3_000;

    private final RedisServers servers = new RedisServers();
    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();
    private long keys;

    @Override
    public void beforeEach(ExtensionContext context) {
        try (Jedis atSource = source.jedis();
                Jedis atTarget = target.jedis()) {
            atSource.flushAll();
            SampleData.fill(atSource, source.version());
            SampleData.fillMixed(atSource, KEYS);
            // it would be gone before some platforms have started
            atSource.del("expiring:10s");
            keys = atSource.dbSize();
            atTarget.flushAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        servers.close();
    }

    RedisServer source() {
        return source;
    }

    RedisServer target() {
        return target;
    }

    /** Gives a folder's commands the two servers, as variables of the environment. */
    PlatformFolder areIn(PlatformFolder folder) {
        return folder.with("RUMP_SOURCE_HOST", RedisServer.HOST)
                .with("RUMP_SOURCE_PORT", source.port())
                .with("RUMP_TARGET_HOST", RedisServer.HOST)
                .with("RUMP_TARGET_PORT", target.port());
    }

    /** Gives the target another value under the name of one of the source's keys. */
    void putForeignKey() {
        try (Jedis atTarget = target.jedis()) {
            atTarget.set("mixed:0", "foreign");
        }
    }

    /** The words of a complete run's last log line. */
    String complete() {
        return "read %1$,d: restored %1$,d, kept 0, vanished 0, filtered 0, deleted 0, refused 0".formatted(keys);
    }

    /** Whether the target has every key that the source has been filled with as it is, and no other. */
    void assertEqual() {
        assertThat(assertSame()).isEqualTo(keys);
    }

    /** Whether both have the same keys with the same values; returns how many. */
    long assertSame() {
        try (Jedis atSource = source.jedis();
                Jedis atTarget = target.jedis()) {
            EqualityProof.Result result = EqualityProof.compare(atSource, atTarget, Duration.ofMillis(50));
            assertThat(result.differences()).isEmpty();
            return result.keys();
        }
    }
}
