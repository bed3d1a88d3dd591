package io.camelrump.target;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.List;

/**
 * Commands by which others change a target without any report: CLIENT TRACKING tells neither of SWAPDB nor of what is
 * done with consumer groups (tried on Redis 6.2 to 8.6 and Valkey 8.1 and 9), so their calls are counted.
 */
final class UnreportedCommands {
    /** None of them is a command of ours. Servers below 7.0 do not count subcommands. */
    private static final List<String> OF_GROUPS = List.of(
            "xreadgroup", "xack", "xackdel", "xautoclaim", "xgroup|destroy", "xgroup|delconsumer", "xgroup|setid");

    private final boolean counted;
    private long swaps;
    private long groups;

    /** Result of a look. */
    enum Found {
        NOTHING,
        GROUPS_USED,
        DATABASES_SWAPPED
    }

    private UnreportedCommands(ServerInfo info) {
        this.counted = !info.isHidden();
        this.swaps = swaps(info);
        this.groups = groups(info);
    }

    /** Commands from now on; no reply may be due. */
    static UnreportedCommands from(RedisConnection target) throws IOException {
        return new UnreportedCommands(target.info("commandstats"));
    }

    /** Whether the user may ask for their number. */
    boolean areCounted() {
        return counted;
    }

    /** Looks again; no reply may be due. */
    Found look(RedisConnection target) throws IOException {
        ServerInfo info = target.info("commandstats");
        // fewer where somebody has reset the statistics
        boolean swapped = swaps(info) != swaps && swaps(info) > 0;
        boolean used = groups(info) != groups && groups(info) > 0;
        swaps = swaps(info);
        groups = groups(info);
        return swapped ? Found.DATABASES_SWAPPED : used ? Found.GROUPS_USED : Found.NOTHING;
    }

    private static long swaps(ServerInfo info) {
        return info.calls("swapdb");
    }

    private static long groups(ServerInfo info) {
        return OF_GROUPS.stream().mapToLong(info::calls).sum();
    }
}
