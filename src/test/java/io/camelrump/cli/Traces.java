package io.camelrump.cli;

import io.camelrump.fixtures.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/**
 * What a write leaves behind at a server.
 *
 * @param digest of all keys, values and expiries
 * @param changes that the server counted since its start
 * @param writes calls of each command that can write, but for those that were rejected, and RESTORE, which also answers
 *     queries
 */
record Traces(long keys, String digest, String changes, TreeMap<String, String> writes) {
    private static final Pattern COMMAND = Pattern.compile("cmdstat_([^:]+):calls=([1-9]\\d*)");

    static Traces of(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            Set<String> writing = writing(jedis);
            TreeMap<String, String> writes = new TreeMap<>();
            Matcher commands = COMMAND.matcher(jedis.info("commandstats"));
            while (commands.find()) {
                if (writing.contains(commands.group(1))) {
                    writes.put(commands.group(1), commands.group(2));
                }
            }
            String changes = jedis.info("persistence")
                    .lines()
                    .filter(line -> line.startsWith("rdb_changes_since_last_save"))
                    .findFirst()
                    .orElseThrow();
            String digest = text(jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST"));
            return new Traces(jedis.dbSize(), digest, changes, writes);
        }
    }

    private static Set<String> writing(Jedis jedis) {
        Set<String> names = new HashSet<>(Set.of("config|set", "config|rewrite", "config|resetstat"));
        for (Object command : (List<?>) jedis.sendCommand(() -> "COMMAND".getBytes(StandardCharsets.US_ASCII))) {
            List<?> parts = (List<?>) command;
            if (((List<?>) parts.get(2)).stream().map(Traces::text).anyMatch("write"::equals)) {
                names.add(text(parts.get(0)));
            }
        }
        names.remove("restore");
        return names;
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : String.valueOf(reply);
    }
}
