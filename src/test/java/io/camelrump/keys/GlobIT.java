package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** Random patterns, each matched by the server's own SCAN and by {@link Glob}. */
class GlobIT {
    private static final int KEYS = 400;
    private static final int PATTERNS = 2_000;
    private static final List<String> OF_PATTERNS =
            List.of("[", "]", "^", "-", "\\", "*", "?", "a", "b", "z", "1", "é", "ü");
    private static final List<String> OF_KEYS =
            List.of("a", "b", "c", "y", "z", "1", "]", "^", "-", "\\", "*", "[", "é", "ü", "\0", "\n");
    private static final List<String> ODD_PATTERNS =
            List.of("*", "**", "", "[1-]", "[", "[^", "[a-", "[]", "[^]", "\\", "[\\");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void takesTheKeysThatScanTakes(RedisServers.Version version) {
        Random random = new Random(4);
        Set<String> keys = new LinkedHashSet<>();
        while (keys.size() < KEYS) {
            keys.add(word(random, OF_KEYS, 4));
        }
        List<String> patterns = new ArrayList<>(ODD_PATTERNS);
        while (patterns.size() < PATTERNS) {
            patterns.add(word(random, OF_PATTERNS, 8));
        }
        if (!version.isLike(6, 2)) {
            // Redis 2.8 takes stars for the empty key, and reads beyond a pattern that ends in a backslash
            keys.remove("");
            patterns.removeIf(pattern -> pattern.endsWith("\\"));
        }
        try (Jedis jedis = servers.start(version).jedis()) {
            keys.forEach(key -> jedis.set(key, ""));
            List<Response<ScanResult<byte[]>>> scans = new ArrayList<>();
            try (Pipeline pipeline = jedis.pipelined()) {
                patterns.forEach(pattern -> scans.add(pipeline.scan(
                        bytes("0"), new ScanParams().match(bytes(pattern)).count(10 * KEYS))));
            }
            for (int i = 0; i < patterns.size(); i++) {
                Glob glob = new Glob(patterns.get(i));
                assertThat(keys.stream().filter(key -> glob.matches(bytes(key))))
                        .as("keys of pattern %s", patterns.get(i))
                        .containsExactlyInAnyOrderElementsOf(texts(scans.get(i).get()));
            }
            assertThat(scans)
                    .anySatisfy(scan -> assertThat(scan.get().getResult()).hasSizeBetween(2, KEYS / 2));
        }
    }

    private static Set<String> texts(ScanResult<byte[]> scan) {
        return scan.getResult().stream()
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String word(Random random, List<String> letters, int longest) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(longest + 1); length > 0; length--) {
            word.append(letters.get(random.nextInt(letters.size())));
        }
        return word.toString();
    }
}
