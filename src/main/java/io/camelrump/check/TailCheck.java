package io.camelrump.check;

import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How the source could tell which keys change during the run. */
final class TailCheck {
    private final Side source;

    TailCheck(Side source) {
        this.source = source;
    }

    List<Finding> findings() throws IOException {
        RedisConnection connection = source.connection();
        List<String> kinds = new ArrayList<>();
        // tells of this connection and changes nothing
        if (connection.call("CLIENT", "TRACKINGINFO") instanceof List<?>) {
            kinds.add("CLIENT TRACKING");
        }
        if (connection.call("CONFIG", "GET", "notify-keyspace-events") instanceof List<?> pair
                && pair.size() == 2
                && pair.get(1) instanceof byte[] flags
                && tellsOfAll(new String(flags, StandardCharsets.US_ASCII))) {
            kinds.add("keyspace notifications");
        }
        String found =
                kinds.isEmpty() ? "neither CLIENT TRACKING nor keyspace notifications" : String.join(", ", kinds);
        return List.of(Finding.note(
                "change tail", found, "stop the writers during the copy, or run it twice: changes are not followed"));
    }

    private static boolean tellsOfAll(String flags) {
        return (flags.contains("K") || flags.contains("E")) && flags.contains("A");
    }
}
