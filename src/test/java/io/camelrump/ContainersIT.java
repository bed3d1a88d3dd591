package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.RestoreParams;

class ContainersIT {

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void keyGoesThroughDumpAndRestoreOnTheNewestImages() {
        assumeThat(RedisServers.containers())
                .as("images to run: needs a container engine that answers")
                .isNotEmpty();
        for (RedisServers.Version version : RedisServers.containers()) {
            try (Jedis source = servers.start(version).jedis();
                    Jedis target = servers.start(version).jedis()) {
                source.set("k", "v");
                target.restore("k", 0, source.dump("k"), RestoreParams.restoreParams());

                assertThat(target.get("k")).as(version.name()).isEqualTo("v");
            }
        }
    }
}
