package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What arrives from each server at each other one, as found by the tests: the table of the README. */
final class CompatibilityTable {

    private static final Path FILE = Path.of("target", "compatibility.md");
    private static final List<String> VERSIONS =
            List.of("redis-2.8", "redis-6.2", "redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9");

    private final Map<String, String> cells = new ConcurrentHashMap<>();

    void put(RedisServers.Version from, RedisServers.Version to, String cell) {
        cells.put(from.name() + " to " + to.name(), cell);
    }

    /** Writes the table, and compares the README with it; only where every server was there and every pair was tried. */
    void compareWithReadme() throws IOException {
        boolean complete = VERSIONS.stream()
                .allMatch(from -> VERSIONS.stream().allMatch(to -> cells.containsKey(from + " to " + to)));
        if (!complete) {
            return;
        }
        Files.writeString(FILE, markdown());
        assertThat(Files.readString(Path.of("README.md")))
                .as("README.md has another table than " + FILE + ", which is what was found: copy it")
                .contains(markdown());
    }

    private String markdown() {
        String head = "| from \\ to | "
                + VERSIONS.stream().map(CompatibilityTable::title).collect(Collectors.joining(" | ")) + " |\n|"
                + "---|".repeat(VERSIONS.size() + 1) + "\n";
        return VERSIONS.stream()
                .map(from -> "| **" + title(from) + "** | "
                        + VERSIONS.stream()
                                .map(to -> cells.get(from + " to " + to))
                                .collect(Collectors.joining(" | "))
                        + " |\n")
                .collect(Collectors.joining("", head, ""));
    }

    private static String title(String version) {
        String[] parts = version.split("-");
        return parts[0].substring(0, 1).toUpperCase(java.util.Locale.ROOT) + parts[0].substring(1) + " " + parts[1];
    }
}
