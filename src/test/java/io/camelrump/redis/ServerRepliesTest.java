package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say of themselves and of each other is checked as to form and range. */
class ServerRepliesTest {
    private static final ServerAddress ADDRESS =
            new ServerAddress("h", 6379, null, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis_version:abc",
                "redis_version:",
                "redis_version:99999999999.1",
                "valkey_version:-8.1",
                "used_memory:-5",
                "maxmemory:9999999999999999999",
                "evicted_keys:many",
                "connected_clients:0x7",
                "master_repl_offset:-2"
            })
    void aFieldOfInfoThatCannotBeIsShown(String line) {
        assertThatThrownBy(() -> ServerInfo.parse(bytes("# Server\r\nrole:master\r\n" + line + "\r\n")))
                .isInstanceOf(ReplyException.class)
                .hasMessageContaining("answered INFO by '" + line + "'");
    }

    @Test
    void versionsAreReadAsFarAsTheyAreNumbers() throws Exception {
        assertThat(info("redis_version:7.2-rc1").takesNoTouch()).isTrue();
        assertThat(info("redis_version:7").takesNoTouch()).isFalse();
        assertThat(info("redis_version:255.255.255").takesNoTouch()).isTrue();
        assertThat(info("redis_version:6.2.14").takesNoTouch()).isFalse();
        assertThat(info("used_memory:").usedMemory()).isZero();
        assertThat(info("master_repl_offset:-1").replicationOffset()).isEqualTo(-1);
    }

    private static ServerInfo info(String line) throws ReplyException {
        return ServerInfo.parse(bytes(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "id h:abc@1 master - 0 0 1 connected",
                "id h:70000@1 master - 0 0 1 connected",
                "id @ master - 0 0 1 connected",
                "id , master - 0 0 1 connected",
                "id h:7000 master - 0 0 1 connected 0-16384",
                "id h:7000 master - 0 0 1 connected 2147483646",
                "id h:7000 master - 0 0 1 connected 5-4",
                "id h:7000 master - 0 0 1 connected -5",
                "id h:7000 master - 0 0 1 connected [x->-id]",
                "id h:7000 master - 0 0 1 connected [5",
                "id h:7000 master - 0 0 1 connected []"
            })
    void aLineOfClusterNodesThatCannotBeIsAnError(String line) {
        assertThatThrownBy(() -> ClusterNode.parse(line + "\n", "h", false))
                .isInstanceOf(ReplyException.class)
                .hasMessageContaining("answered CLUSTER NODES by '");
    }

    @Test
    void rangesOfClusterSlotsThatCannotBeAreErrors() {
        List<Object> node = List.of(bytes("h"), 7000L, bytes("id"));
        for (Object range : Arrays.asList(
                null,
                "OK",
                List.of(),
                List.of(0L, 5L),
                List.of(0L, 2_147_483_646L, node),
                List.of(-1L, 5L, node),
                List.of(5L, 4L, node),
                List.of(0L, "5", node),
                List.of(0L, 5L, "h"),
                List.of(0L, 5L, List.of(bytes("h"))),
                List.of(0L, 5L, List.of(bytes("h"), 70_000L)))) {
            assertThatThrownBy(() -> ClusterTopology.parse(Arrays.asList(range), "h"))
                    .isInstanceOf(ReplyException.class)
                    .hasMessageContaining("answered CLUSTER SLOTS by ");
        }
    }

    @Test
    void aTimeIsOneOfThisEra() throws Exception {
        long now = System.currentTimeMillis() / 1000;

        assertThat(ServerClock.serverMicros(List.of(bytes(String.valueOf(now)), bytes("7"))))
                .isEqualTo(now * 1_000_000 + 7);
        assertThat(ServerClock.serverMicros(new ErrorReply("NOPERM no"))).isEqualTo(-1);
        for (Object reply : Arrays.asList(
                null,
                "OK",
                5L,
                List.of(),
                List.of(bytes("0"), bytes("0")),
                List.of(bytes("abc"), bytes("0")),
                List.of(bytes("-5"), bytes("0")),
                List.of(bytes("99999999999999999999"), bytes("0")),
                List.of(bytes(String.valueOf(now + 11L * 366 * 24 * 3600)), bytes("0")),
                List.of(bytes(String.valueOf(now)), bytes("x")))) {
            assertThatThrownBy(() -> ServerClock.serverMicros(reply))
                    .isInstanceOf(ReplyException.class)
                    .hasMessageContaining("answered TIME by ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "h:", "h:abc", "h:0", "h:70000", "h:-1"})
    void aNodeThatARedirectionNamesHasAPort(String node) {
        assertThatThrownBy(() -> ADDRESS.at(node))
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("h:6379 names the node '" + node + "'");
        assertThat(ADDRESS.at(":7000")).hasToString("h:7000");
        assertThat(ADDRESS.at("::1:7000")).hasToString("[::1]:7000");
    }

    @Test
    void controlCharactersOfAServerAreEscaped() throws Exception {
        String hostile = "7.0\u001b[2J\u0007\u009b1m";

        assertThat(new ErrorReply("ERR a\nCOMPLETE: 5\u001b[31m").text()).isEqualTo("ERR a\\x0aCOMPLETE: 5\\x1b[31m");
        assertThat(info("redis_version:" + hostile).version()).isEqualTo("Redis 7.0\\x1b[2J\\x07\\x9b1m");
        assertThat(ClusterNode.parse("id\u001b h\u001b:7000 master - 0 0 1 connected", "h", false))
                .hasToString("[h\\x1b:7000]");
        assertThat(ClusterTopology.parse(List.of(List.of(0L, 5L, List.of(bytes("h\n"), 7000L, bytes("id")))), "h")
                        .nodes())
                .hasToString("[h\\x0a:7000]");
        assertThat(ErrorText.failure(ADDRESS, new ReplyException("PING", Map.of(), "PONG"))
                        .getMessage())
                .startsWith("h:6379 answered PING by ");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
