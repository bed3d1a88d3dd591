package io.camelrump.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriTest {

    @Test
    void readsHostAloneWithTheUsualPort() {
        RedisUri uri = RedisUri.parse("redis://old.example.com");

        assertThat(uri).isEqualTo(new RedisUri("old.example.com", 6379, null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h:7000/3, h, 7000, 3",
        "REDIS://h/0, h, 6379, 0",
        "redis://h:1?db=5, h, 1, 5",
        "redis://h:1/5?db=5, h, 1, 5",
        "redis://h:1/, h, 1,",
        "redis://[::1]:6380/2, ::1, 6380, 2",
        "redis://[fe80::1], fe80::1, 6379,",
        "redis://u:p@[::1], ::1, 6379,",
        "rediss://h:7000/3, h, 7000, 3",
        "valkey://h, h, 6379,",
        "unix:///run/redis.sock, /run/redis.sock, 6379,",
        "unix:///run/redis.sock?db=2, /run/redis.sock, 6379, 2",
        "redis-socket:///run/redis.sock?database=2, /run/redis.sock, 6379, 2",
        "redis+unix://u:p@/run/a@b%20c, /run/a@b c, 6379,"
    })
    void readsHostPortAndDatabase(String text, String host, int port, Integer database) {
        RedisUri uri = RedisUri.parse(text);

        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
        assertThat(uri.database()).isEqualTo(database);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis-sentinel://h/orders | h:26379 | orders |",
                "redis-sentinel://a:1,b:2,[::1]:3/orders/2 | a:1,b:2,[::1]:3 | orders | 2",
                "redis-sentinel://:secret@a,b/my%20orders | a:26379,b:26379 | my orders |",
                "redis-sentinel://:secret@a,b#orders | a:26379,b:26379 | orders |",
                "redis-sentinel://a,b/2#orders | a:26379,b:26379 | orders | 2",
                "rediss-sentinel://a/orders | a:26379 | orders |"
            })
    void readsSentinelsMasterAndDatabase(String text, String places, String name, Integer database) {
        RedisUri uri = RedisUri.parse(text);

        assertThat(uri.sentinels().places()).isEqualTo(places);
        assertThat(uri.sentinels().masterName()).isEqualTo(name);
        assertThat(uri.database()).isEqualTo(database);
        assertThat(uri.toString()).doesNotContain("secret");
        assertThat(uri.tls() != null).isEqualTo(text.startsWith("rediss"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple",
                "p@ss",
                "@@",
                "a#b",
                "a:b:c",
                ":",
                "a/b/1",
                "50%",
                "%zz",
                "100%41%",
                "a?db=3",
                "a+b",
                "a b",
                "a&b=c",
                "{{x}}",
                "RAW(x)",
                "RAW{x}",
                "${env:HOME}",
                "#bean:x",
                "redis://h:1/2",
                "[::1]",
                "\"quoted\"",
                "back\\slash",
                "naïve€😀",
                ",;",
                "$HOME",
                "%2",
                "x@h:6379/0"
            })
    void takesAnyPasswordRawOrEncoded(String password) {
        RedisUri raw = RedisUri.parse("redis://user:" + password + "@h:7000/1");
        RedisUri encoded = RedisUri.parse("redis://user:"
                + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@h:7000/1");

        for (RedisUri uri : new RedisUri[] {raw, encoded}) {
            assertThat(uri.password()).isNotNull();
            assertThat(uri.password().text()).isEqualTo(password);
            assertThat(uri.username()).isEqualTo("user");
            assertThat(uri.host()).isEqualTo("h");
            assertThat(uri.port()).isEqualTo(7000);
            assertThat(uri.database()).isEqualTo(1);
        }
    }

    @Test
    void takesAPasswordOfAnyLength() {
        String token = "a=%/&?".repeat(20_000);
        String encoded = URLEncoder.encode(token, StandardCharsets.UTF_8);

        assertThat(RedisUri.parse("redis://user:" + encoded + "@h").password())
                .isEqualTo(new RedisUri.Password(token, RedisUri.Password.Spelling.DECODED));
        assertThat(RedisUri.parse("redis://user:" + encoded + "%4@h").password())
                .isEqualTo(new RedisUri.Password(encoded + "%4", RedisUri.Password.Spelling.LITERAL));
    }

    @Test
    void remembersHowThePasswordWasRead() {
        assertThat(RedisUri.parse("redis://:a%41@h").password())
                .isEqualTo(new RedisUri.Password("aA", RedisUri.Password.Spelling.DECODED));
        assertThat(RedisUri.parse("redis://:a%4@h").password())
                .isEqualTo(new RedisUri.Password("a%4", RedisUri.Password.Spelling.LITERAL));
        assertThat(RedisUri.parse("redis://:%ff@h").password())
                .isEqualTo(new RedisUri.Password("%ff", RedisUri.Password.Spelling.LITERAL));
        assertThat(RedisUri.parse("redis://:a4@h").password())
                .isEqualTo(new RedisUri.Password("a4", RedisUri.Password.Spelling.PLAIN));
    }

    @Test
    void emptyUserIsNoUser() {
        assertThat(RedisUri.parse("redis://:secret@h").username()).isNull();
        assertThat(RedisUri.parse("redis://:@h").password()).isNull();
        assertThat(RedisUri.parse("redis://@h").username()).isNull();
    }

    @Test
    void showsNoPassword() {
        assertThat(RedisUri.parse("redis://user:secret@h/2")).hasToString("redis://user:***@h:6379/2");
        assertThat(RedisUri.parse("redis://:secret@[::1]")).hasToString("redis://:***@[::1]:6379");
        assertThat(RedisUri.parse("rediss://:secret@h")).hasToString("rediss://:***@h:6379");
        assertThat(RedisUri.parse("unix://:secret@/run/r.sock?db=2")).hasToString("unix://:***@/run/r.sock?db=2");
        assertThat(RedisUri.parse("redis://:secret@h").password()).hasToString("***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret:6379 | is not an address",
                "http://h | does not begin with redis://",
                "unix://secret.sock | has no path of a socket",
                "unix://:secret@/ | has no path of a socket",
                "unix:///tmp/secret.sock?db=x | a database that is no number",
                "redis-sentinel://:secret@h | does not say what the sentinels call the master",
                "redis-sentinel://:secret@h/3 | does not say what the sentinels call the master",
                "redis-sentinel://:secret@/orders | is not an address of the form redis-sentinel://",
                "redis-sentinel://:secret@h:x/orders | is not an address of the form redis-sentinel://",
                "redis-sentinel://:secret@h,/orders | is not an address of the form redis-sentinel://",
                "redis-sentinel://:secret@h/orders/x | a database that is no number",
                "redis-cluster://h | write redis:// or rediss:// and any of its nodes",
                "rediss-cluster://:secret@h | write redis:// or rediss:// and any of its nodes",
                "redis://h1,h2 | several servers, which is not supported yet",
                "redis://:secret@ | has no host",
                "redis:// | has no host",
                "redis://user:secret | no number from 1 to 65535",
                "redis://:secret@h:0 | no number from 1 to 65535",
                "redis://:secret@h:65536 | no number from 1 to 65535",
                "redis://::1 | an IPv6 address goes in brackets",
                "redis://h/secret | a database that is no number",
                "redis://h/-1 | a database that is no number",
                "redis://h/1?db=2 | names two databases",
                "redis://h?password=secret | a query that is not ?db=NUMBER",
                "redis://h#secret | is not an address"
            })
    void saysWhatIsWrongWithoutShowingThePassword(String text, String message) {
        assertThatThrownBy(() -> RedisUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesTheEndOfALineInAnAddress() {
        assertThatThrownBy(() -> RedisUri.parse("redis://h\n")).hasMessageContaining("control character");
    }
}
