package io.camelrump.shard;

import io.camelrump.redis.OpenServers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes of a target's servers: one that has come in the place of another need not have the keys that the other one
 * confirmed.
 *
 * @param runIds by address; without servers that hide it
 */
public record TargetProcesses(Map<String, String> runIds) {
    /** None is known. */
    public static final TargetProcesses NONE = new TargetProcesses(Map.of());

    private static final String NOTHING = "-";
    /** Addresses and ids that a report can hold; a path of a Unix socket may be anything. */
    private static final Pattern PLAIN = Pattern.compile("[^ =,]+");

    public TargetProcesses {
        runIds = Map.copyOf(runIds);
    }

    /** The processes that answer now. */
    public static TargetProcesses of(OpenServers servers) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (int i = 0; i < servers.addresses().size(); i++) {
            String address = servers.addresses().get(i).withDatabase(0).toString();
            String runId = servers.info(i).runId();
            if (runId != null
                    && Stream.of(address, runId)
                            .allMatch(text -> PLAIN.matcher(text).matches())) {
                found.put(address, runId);
            }
        }
        return new TargetProcesses(found);
    }

    /** Addresses where another process answers now. */
    public List<String> replacedBy(TargetProcesses now) {
        return runIds.entrySet().stream()
                .filter(one ->
                        !now.runIds.getOrDefault(one.getKey(), one.getValue()).equals(one.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    String encode() {
        return runIds.isEmpty()
                ? NOTHING
                : runIds.entrySet().stream()
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException if the text is something else */
    static TargetProcesses decode(String text) {
        if (text.equals(NOTHING)) {
            return NONE;
        }
        Map<String, String> found = new TreeMap<>();
        for (String one : text.split(",")) {
            String[] parts = one.split("=", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("no report of a shard: " + text);
            }
            found.put(parts[0], parts[1]);
        }
        return new TargetProcesses(found);
    }
}
