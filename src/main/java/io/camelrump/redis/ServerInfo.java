package io.camelrump.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What INFO says of a server; empty where the user may not ask.
 *
 * @see <a href="https://redis.io/docs/latest/commands/info/">INFO</a>
 */
public record ServerInfo(Map<String, String> fields) {
    /** The server does not report it. */
    public static final ServerInfo HIDDEN = new ServerInfo(Map.of());
    /** The server reports nothing but that it is a cluster node. */
    public static final ServerInfo HIDDEN_NODE = new ServerInfo(Map.of("cluster_enabled", "1"));

    /**
     * {@code master_replid2} of a master that never took another one's data; its first replica gives it a new id, too.
     */
    private static final String NEVER_A_REPLICA = "0".repeat(40);

    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}).*|\\D.*)?");
    private static final Pattern CALLS = Pattern.compile("calls=(\\d{1,18}),.*");
    private static final Pattern NUMBER = Pattern.compile("\\d{0,18}");
    private static final Pattern OFFSET = Pattern.compile("(?:-1|\\d{0,18})");
    /** Forms of the numbers and versions that are read. */
    private static final Map<String, Pattern> FORMS = Map.ofEntries(
            Map.entry("redis_version", VERSION),
            Map.entry("valkey_version", VERSION),
            Map.entry("master_repl_offset", OFFSET),
            Map.entry("slave_repl_offset", OFFSET),
            Map.entry("evicted_keys", NUMBER),
            Map.entry("expired_keys", NUMBER),
            Map.entry("maxmemory", NUMBER),
            Map.entry("used_memory", NUMBER),
            Map.entry("connected_clients", NUMBER),
            Map.entry("blocked_clients", NUMBER),
            Map.entry("total_connections_received", NUMBER));

    public ServerInfo {
        fields = Map.copyOf(fields);
    }

    /** @throws ReplyException if a field that is read here has a value that it cannot have */
    static ServerInfo parse(byte[] text) throws ReplyException {
        Map<String, String> fields = new HashMap<>();
        for (String line : (Iterable<String>) new String(text, StandardCharsets.UTF_8).lines()::iterator) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                String field = line.substring(0, colon);
                String value = ShownText.of(line.substring(colon + 1));
                Pattern form = FORMS.get(field);
                if (form != null && !form.matcher(value).matches()) {
                    throw new ReplyException("INFO", "'" + field + ":" + value + "'", "another value");
                }
                fields.put(ShownText.of(field), value);
            }
        }
        return new ServerInfo(fields);
    }

    public boolean isHidden() {
        // not the records themselves, whose comparison would have to be linked at each start
        return fields.isEmpty() || fields.equals(HIDDEN_NODE.fields);
    }

    /** A new one with each start of the server's process; null where hidden. */
    public @Nullable String runId() {
        return fields.get("run_id");
    }

    /** Shared by a master and its replicas; null where hidden, and below Redis 4.0. */
    public @Nullable String replicationId() {
        return fields.get("master_replid");
    }

    /** How much of what was written to the master it has, in bytes; -1 for a replica that does not hear its master. */
    public long replicationOffset() {
        if (!isReplica()) {
            return number("master_repl_offset");
        }
        return "up".equals(fields.get("master_link_status")) ? number("slave_repl_offset") : -1;
    }

    /** Whether this is the process of before, and it has not taken the data of another master meanwhile. */
    public boolean continues(ServerInfo before) {
        String replication = before.replicationId();
        return Objects.equals(runId(), before.runId())
                && (replication == null
                        || replication.equals(replicationId())
                        || replication.equals(fields.get("master_replid2"))
                        || !isReplica() && NEVER_A_REPLICA.equals(fields.get("master_replid2")));
    }

    public boolean isReplica() {
        return "slave".equals(fields.get("role"));
    }

    /** Where its master is, if it is a replica. */
    public String master() {
        return fields.getOrDefault("master_host", "") + ":" + fields.getOrDefault("master_port", "");
    }

    /** Keys removed for want of memory since the server's start. */
    public long evictedKeys() {
        return number("evicted_keys");
    }

    /** Keys removed because their time was up since the server's start. */
    public long expiredKeys() {
        return number("expired_keys");
    }

    /** Bytes of memory the server may use; 0 is no limit. */
    public long maxMemory() {
        return number("maxmemory");
    }

    public long usedMemory() {
        return number("used_memory");
    }

    /** Whether a full server removes keys by itself instead of refusing writes. */
    public boolean evicts() {
        return maxMemory() > 0 && !evictionPolicy().equals("noeviction");
    }

    public String evictionPolicy() {
        return fields.getOrDefault("maxmemory_policy", "noeviction");
    }

    /** The policy as it is reported; empty if it is not. */
    public String reportedPolicy() {
        return fields.getOrDefault("maxmemory_policy", "");
    }

    public long connectedClients() {
        return number("connected_clients");
    }

    /** Clients that wait, in a pause of the writes for its end too; -1 where hidden. */
    public long blockedClients() {
        return fields.containsKey("blocked_clients") ? number("blocked_clients") : -1;
    }

    /** Connections accepted since the server's start. */
    public long receivedConnections() {
        return number("total_connections_received");
    }

    /**
     * How often a command was called since the server's start, or since its statistics were reset; where the section
     * {@code commandstats} was asked for.
     *
     * @param command in lower case, as {@code xgroup|create}
     */
    public long calls(String command) {
        Matcher counted = CALLS.matcher(fields.getOrDefault("cmdstat_" + command, ""));
        return counted.matches() ? Long.parseLong(counted.group(1)) : 0;
    }

    public boolean isCluster() {
        return "1".equals(fields.get("cluster_enabled"));
    }

    /** Whether a node of a cluster keeps its keys in a table for each slot: from Redis 7.4 and Valkey 8 on. */
    public boolean hasTableForEachSlot() {
        String valkey = fields.get("valkey_version");
        return isCluster() && (valkey == null ? isAtLeast(fields.get("redis_version"), 7, 4) : isAtLeast(valkey, 8, 0));
    }

    /**
     * Whether it is a replica that is not given how many entries consumer groups have read: counters of Redis 7.0,
     * which masters replicate from Redis 7.4 and Valkey 8 on.
     */
    public boolean losesGroupCounts() {
        String redis = fields.get("redis_version");
        String valkey = fields.get("valkey_version");
        boolean replicated = valkey == null ? isAtLeast(redis, 7, 4) : isAtLeast(valkey, 8, 0);
        return isReplica() && isAtLeast(redis, 7, 0) && !replicated;
    }

    private static boolean isAtLeast(@Nullable String version, int major, int minor) {
        Matcher parts = VERSION.matcher(version == null ? "0.0" : version);
        if (!parts.matches()) {
            return false;
        }
        int first = Integer.parseInt(parts.group(1));
        return first > major || first == major && parts.group(2) != null && Integer.parseInt(parts.group(2)) >= minor;
    }

    /** The compatible Redis version: Valkey says 7.2.4 and has a version of its own beside it. */
    public String version() {
        String valkey = fields.get("valkey_version");
        return valkey != null
                ? "Valkey " + valkey
                : "Redis " + fields.getOrDefault("redis_version", "of unknown version");
    }

    /**
     * Whether CLIENT NO-TOUCH is there, which Redis has from 7.2 and every Valkey has, and does no harm: a node of a
     * cluster may crash by it when it is asked for a key whose slot is migrating.
     *
     * @see <a href="https://github.com/redis/redis/pull/14415">the fault in Redis</a>, and <a
     *     href="https://github.com/valkey-io/valkey/pull/2347">in Valkey</a>
     */
    public boolean takesNoTouch() {
        return !isCluster() && isAtLeast(fields.get("redis_version"), 7, 2);
    }

    /**
     * Whether {@code INFO keysizes} counts keys by their sizes as they are: Redis 8.0 has it, and counted keys of
     * APPEND and SETRANGE twice. Tried with 8.6.3.
     */
    public boolean countsSizes() {
        return !fields.containsKey("valkey_version") && isAtLeast(fields.get("redis_version"), 8, 6);
    }

    private long number(String field) {
        String value = fields.getOrDefault(field, "");
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }
}
