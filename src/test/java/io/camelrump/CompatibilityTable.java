package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The table of what arrives from each server at each other one, as the tests find it. */
final class CompatibilityTable {

    private static final Path FILE = Path.of("target", "compatibility.adoc");
    private static final Path PAGE = Path.of("src/main/docs/guarantees.adoc");
    private static final List<String> VERSIONS =
            List.of("redis-2.8", "redis-6.2", "redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9");

    private final Map<String, String> cells = new ConcurrentHashMap<>();

    void put(RedisServers.Version from, RedisServers.Version to, String cell) {
        cells.put(from.name() + " to " + to.name(), cell);
    }

    /** Writes the table, and compares the page with it; only where every server was there and every pair was tried. */
    void compareWithPage() throws IOException {
        boolean complete = VERSIONS.stream()
                .allMatch(from -> VERSIONS.stream().allMatch(to -> cells.containsKey(from + " to " + to)));
        if (!complete) {
            return;
        }
        Files.writeString(FILE, asciidoc());
        assertThat(Files.readString(PAGE))
                .as(PAGE + " has another table than " + FILE + ", which is what was found: copy it")
                .contains(asciidoc());
    }

    private String asciidoc() {
        String head = "[width=\"100%\",cols=\"" + String.join(",", Collections.nCopies(VERSIONS.size() + 1, "2"))
                + "\",options=\"header\"]\n|===\n| From \\ to "
                + VERSIONS.stream().map(version -> "| " + title(version)).collect(Collectors.joining(" ")) + "\n";
        return VERSIONS.stream()
                .map(from -> "| *" + title(from) + "* "
                        + VERSIONS.stream()
                                .map(to -> "| " + cells.get(from + " to " + to))
                                .collect(Collectors.joining(" "))
                        + "\n")
                .collect(Collectors.joining("", head, "|===\n"));
    }

    private static String title(String version) {
        String[] parts = version.split("-");
        return parts[0].substring(0, 1).toUpperCase(java.util.Locale.ROOT) + parts[0].substring(1) + " " + parts[1];
    }
}
