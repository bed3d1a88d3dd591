package io.camelrump;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.Jedis;

/**
 * A source and a target that the tests of a class share: a static {@code @RegisterExtension} field starts each version
 * once, and empties it for each test that uses it.
 *
 * <p>A test that ends a server, or gives it other settings, starts one of its own by {@link RedisServers}.
 */
public final class ServerPair implements BeforeEachCallback, AfterAllCallback {
    private record Shared(RedisServer server, Jedis jedis) {}

    private final RedisServers servers = new RedisServers();
    private final Map<RedisServers.Version, Shared> sources = new HashMap<>();
    private final Map<RedisServers.Version, Shared> targets = new HashMap<>();
    private Shared source;
    private Shared target;

    @Override
    public void beforeEach(ExtensionContext context) {
        use(RedisServers.usual(), RedisServers.usual());
    }

    /** Takes servers of these versions for the rest of the test, both empty. */
    public void use(RedisServers.Version from, RedisServers.Version to) {
        source = empty(sources, from);
        target = empty(targets, to);
    }

    private Shared empty(Map<RedisServers.Version, Shared> known, RedisServers.Version version) {
        Shared shared = known.computeIfAbsent(version, started -> {
            RedisServer server = servers.start(started);
            return new Shared(server, server.jedis());
        });
        shared.jedis().select(0);
        shared.jedis().flushAll();
        if (version.isLike(7, 0)) {
            shared.jedis().functionFlush();
        }
        shared.jedis().configResetStat();
        return shared;
    }

    public RedisServer source() {
        return source.server();
    }

    public RedisServer target() {
        return target.server();
    }

    /** A connection to the source, at database 0 when the test begins. */
    public Jedis atSource() {
        return source.jedis();
    }

    public Jedis atTarget() {
        return target.jedis();
    }

    public String from() {
        return uri(source());
    }

    public String to() {
        return uri(target());
    }

    private static String uri(RedisServer server) {
        return "redis://" + RedisServer.HOST + ":" + server.port();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        sources.values().forEach(shared -> shared.jedis().close());
        targets.values().forEach(shared -> shared.jedis().close());
        // a test that is run once more, in the same JVM, starts others
        sources.clear();
        targets.clear();
        servers.close();
    }
}
