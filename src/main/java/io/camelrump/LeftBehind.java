package io.camelrump;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What no copy carries, as a cutover finds it at the source.
 *
 * @param subscribers clients that subscribe to channels there; null where the server does not say
 * @param blocked clients that wait there for an element of a list, a stream or the like; null where it does not say
 * @param scripts cached there beyond those that the target has, so that EVALSHA fails there until they are loaded; null
 *     where a server does not say
 * @param clients some of those that subscribe or wait, each with its address, its name and its last command
 */
public record LeftBehind(
        @Nullable Long subscribers,
        @Nullable Long blocked,
        @Nullable Long scripts,
        List<String> clients) {
    public LeftBehind {
        clients = List.copyOf(clients);
    }

    /** The counts that are not 0, in a sentence or two; null if there is nothing, as far as the servers say. */
    public @Nullable String text() {
        List<String> parts = new ArrayList<>();
        add(parts, subscribers, "client subscribes at the source", "clients subscribe at the source");
        add(parts, blocked, "client waits there in a blocking command", "clients wait there in blocking commands");
        add(
                parts,
                scripts,
                "cached script is missing at the target (EVALSHA fails there until it is loaded)",
                "cached scripts are missing at the target (EVALSHA fails there until they are loaded)");
        String found = parts.isEmpty()
                ? ""
                : "No copy carries what is left at the source: " + String.join(", ", parts) + "."
                        + (clients.isEmpty() ? "" : " Some of the clients: " + String.join("; ", clients) + ".");
        boolean hidden = subscribers == null || blocked == null || scripts == null;
        String unknown = hidden ? "Whether " + unknown() + " is not known, as a server does not say." : "";
        String text = (found + " " + unknown).strip();
        return text.isEmpty() ? null : text;
    }

    private String unknown() {
        List<String> parts = new ArrayList<>();
        if (subscribers == null) {
            parts.add("clients subscribe at the source");
        }
        if (blocked == null) {
            parts.add("clients wait there in blocking commands");
        }
        if (scripts == null) {
            parts.add("cached scripts are missing at the target");
        }
        return String.join(", or ", parts);
    }

    private static void add(List<String> parts, @Nullable Long count, String one, String several) {
        if (count != null && count > 0) {
            parts.add(String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : several));
        }
    }
}
