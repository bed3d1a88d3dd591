package io.camelrump.platforms;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The commands named java to test with, by version. */
final class OtherJavas {
    private OtherJavas() {}

    /** Our own, and those of {@code RUMP_TEST_JAVAS}, such as {@code 21=/opt/21/bin/java 25=/opt/25/bin/java}. */
    static Map<String, String> withOwn() {
        Map<String, String> javas = new TreeMap<>();
        String others = System.getenv().getOrDefault("RUMP_TEST_JAVAS", "");
        for (String other : others.split("\\s+")) {
            int sign = other.indexOf('=');
            if (sign > 0) {
                javas.put(other.substring(0, sign), other.substring(sign + 1));
            }
        }
        javas.put(
                String.valueOf(Runtime.version().feature()),
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return javas;
    }
}
