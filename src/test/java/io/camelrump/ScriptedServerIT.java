package io.camelrump;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

class ScriptedServerIT {
    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    @Test
    void repliesByScriptAndThoseOfTheServerBehindComeInOrder() {
        RedisServer real = SERVERS.start();
        try (ScriptedServer server = new ScriptedServer(real);
                Jedis jedis = new Jedis(RedisServer.HOST, server.port())) {
            server.on("STRLEN", Reply.number(-3)).onCall("CLIENT LIST", call -> Reply.bulk("n=" + call.nth()));
            Pipeline pipeline = jedis.pipelined();
            Response<String> set = pipeline.set("key", "value");
            Response<Long> length = pipeline.strlen("key");
            Response<String> value = pipeline.get("key");
            pipeline.sync();

            assertThat(List.of(set.get(), length.get(), value.get())).isEqualTo(List.of("OK", -3L, "value"));
            assertThat(jedis.clientList()).startsWith("n=");
            assertThat(jedis.clientId()).isPositive();
            assertThat(jedis.hgetAll("none")).isEmpty();
            assertThat(server.off("STRLEN").count("strlen")).isOne();
            assertThat(jedis.strlen("key")).isEqualTo(5);
            assertThat(server.calls("GET")).hasToString("[GET key]");
        }
    }

    @Test
    void aServerAloneGreetsKnowsNothingElseAndCuts() throws IOException {
        try (ScriptedServer server = new ScriptedServer();
                Socket client = new Socket(RedisServer.HOST, server.port())) {
            server.on("GET", Reply.raw("+half").thenCut()).on("ECHO", Reply.SILENCE);
            client.getOutputStream().write("PING\r\nDBSIZE\r\nECHO\r\nGET key\r\n".getBytes(US_ASCII));

            String replies = "+PONG\r\n-ERR unknown command 'DBSIZE'\r\n+half";
            assertThat(client.getInputStream().readNBytes(replies.length()))
                    .asString(US_ASCII)
                    .isEqualTo(replies);
            assertThatThrownBy(client.getInputStream()::read).isInstanceOf(SocketException.class);
            await().until(() -> server.open() == 0);
        }
    }

    @Test
    void messagesPassWithoutACommand() {
        RedisServer real = SERVERS.start();
        try (ScriptedServer server = new ScriptedServer(real);
                Jedis jedis = new Jedis(RedisServer.HOST, server.port());
                Jedis other = real.jedis()) {
            StringBuilder heard = new StringBuilder();
            jedis.subscribe(
                    new JedisPubSub() {
                        @Override
                        public void onSubscribe(String channel, int channels) {
                            other.publish(channel, "word");
                        }

                        @Override
                        public void onMessage(String channel, String message) {
                            heard.append(message);
                            unsubscribe();
                        }
                    },
                    "channel");

            assertThat(heard).hasToString("word");
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }
}
