package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;

/**
 * Options {@code camel.component.rump.*} of three types, given to an application in the three ways that users have: a
 * number in its file of properties, a time in the command, a text by a variable of the environment.
 */
final class ComponentOptions {
    private static final String IN_THE_FILE = "camel.component.rump.scan-count = 137\n";
    private static final String IN_THE_COMMAND = "camel.component.rump.min-ttl=30m";
    private static final Map<String, String> VARIABLES = Map.of("CAMEL_COMPONENT_RUMP_MATCH", "mixed:*");

    private static final String TOO_BRIEF = "mixed:brief";
    private static final int KEYS = 3_000;
    private static final int ENTRIES = 100_000;

    private ComponentOptions() {}

    /** Adds the one that stands in the file. The other runs of the application may have it too: each key is copied. */
    static void addTo(PlatformFolder project) throws IOException {
        addTo(project.path().resolve("src/main/resources/application.properties"));
    }

    static void addTo(Path file) throws IOException {
        Files.writeString(file, IN_THE_FILE, StandardOpenOption.APPEND);
    }

    /** Starts the application by its command, one of {@code java} or {@code camel}, with the others. */
    static PlatformProcess start(PlatformFolder folder, String command, PlatformServers servers) {
        try (Jedis source = servers.source().jedis()) {
            source.psetex(TOO_BRIEF, 600_000, "left out");
            source.configSet("slowlog-max-len", String.valueOf(ENTRIES));
            source.configSet("slowlog-log-slower-than", "0");
        }
        String whole = command.startsWith("java ")
                ? command.replaceFirst("java", "java -D" + IN_THE_COMMAND)
                : command + " --property=" + IN_THE_COMMAND;
        return folder.start(whole, VARIABLES);
    }

    /** Whether the source was asked as the options say, and the target has the keys that they leave. */
    static void assertTookEffect(PlatformServers servers) {
        try (Jedis source = servers.source().jedis();
                Jedis target = servers.target().jedis()) {
            source.configSet("slowlog-log-slower-than", "-1");
            List<List<String>> scans = source.slowlogGet(ENTRIES).stream()
                    .map(entry -> entry.getArgs())
                    .filter(command -> command.get(0).equals("SCAN") && command.contains("mixed:*"))
                    .toList();
            assertThat(scans).hasSizeGreaterThan(KEYS / 137).allSatisfy(scan -> assertThat(scan)
                    .containsSequence("COUNT", "137"));
            assertThat(target.keys("*"))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, KEYS).mapToObj(i -> "mixed:" + i).toList());
        }
    }
}
