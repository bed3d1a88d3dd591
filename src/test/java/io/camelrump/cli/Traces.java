package io.camelrump.cli;

import io.camelrump.RedisServer;
import java.nio.charset.StandardCharsets;
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
 * @param writes commands other than reading ones and RESTORE, which had calls, with their number
 */
record Traces(long keys, String digest, String changes, TreeMap<String, String> writes) {
    private static final Pattern COMMAND = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
    private static final Set<String> WRITES = Set.of(
            "set", "mset", "del", "unlink", "expire", "pexpire", "rename", "flushall", "flushdb", "config", "eval");

    static Traces of(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            TreeMap<String, String> writes = new TreeMap<>();
            Matcher commands = COMMAND.matcher(jedis.info("commandstats"));
            while (commands.find()) {
                if (WRITES.contains(commands.group(1))) {
                    writes.put(commands.group(1), commands.group(2));
                }
            }
            String changes = jedis.info("persistence")
                    .lines()
                    .filter(line -> line.startsWith("rdb_changes_since_last_save"))
                    .findFirst()
                    .orElseThrow();
            Object digest = jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
            String text =
                    digest instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : digest.toString();
            return new Traces(jedis.dbSize(), text, changes, writes);
        }
    }
}
