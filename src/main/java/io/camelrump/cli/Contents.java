package io.camelrump.cli;

import io.camelrump.redis.OpenServers;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the servers of one side hold at one moment, as far as INFO says.
 *
 * @param keys in all of their databases
 * @param marks equal to those of another moment only if nothing was written, expired or evicted in between
 */
record Contents(long keys, List<String> marks) {
    private static final Pattern DATABASE = Pattern.compile("db\\d+");
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,18})(,.*)?");
    /** Fields that name the process, and those that move with each write and each key that it removes by itself. */
    private static final List<String> MARKS = List.of(
            "run_id",
            "rdb_changes_since_last_save",
            "rdb_last_save_time",
            "expired_keys",
            "evicted_keys",
            "master_replid",
            "role");

    /**
     * Null where a server keeps any of it to itself, and for a cluster: a route that begins later than the others may
     * find the node gone that was named.
     */
    static @Nullable Contents of(OpenServers servers) throws IOException {
        long keys = 0;
        List<String> marks = new ArrayList<>();
        for (int i = 0; i < servers.addresses().size(); i++) {
            ServerInfo info = servers.connection(i).info();
            if (info.isCluster()) {
                return null;
            }
            for (String mark : MARKS) {
                String value = info.fields().get(mark);
                if (value == null) {
                    return null;
                }
                marks.add(value);
            }
            for (Map.Entry<String, String> field : info.fields().entrySet()) {
                Matcher number = KEYS.matcher(field.getValue());
                if (DATABASE.matcher(field.getKey()).matches() && number.matches()) {
                    keys += Long.parseLong(number.group(1));
                }
            }
        }
        return new Contents(keys, List.copyOf(marks));
    }
}
