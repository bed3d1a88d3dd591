package io.camelrump;

import redis.clients.jedis.Jedis;

/** What a server was asked, as it counts that itself. */
public final class CommandStats {
    private CommandStats() {}

    /** How often a command was called since the server's statistics began. */
    public static long calls(Jedis jedis, String command) {
        return jedis.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.split("[=,]")[1]))
                .sum();
    }
}
