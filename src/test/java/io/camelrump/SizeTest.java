package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A class is read at one sitting, and a method without scrolling. Relies on the formatter's indents. */
class SizeTest {
    private static final int LINES_OF_FILE = 400;
    private static final int LINES_OF_METHOD = 40;
    private static final int LINES_ON_EACH_KEYS_WAY = 250;
    /** Packages that each key passes, the public one among them. */
    private static final List<String> EACH_KEYS_WAY =
            List.of("redis", "source", "reading", "run", "exchanges", "sending", "target", "values", "");
    /** Longer ones, each with the reason why it is not cut. */
    private static final Map<String, String> LONGER = Map.of(
            "SwappedAddresses.java", "asks before the first key, and no key passes it",
            "ElementReader.java", "reads large keys alone, each type by its own command",
            "ElementWriter.java", "writes large keys alone, each type by its own command",
            "DecodedValue.java", "for keys whose value a route changes: each form of a payload has its reader",
            "DumpedKey.java", "public, and half of it Javadoc: all that a route may ask and change of one key");
    /** Begins a method: a name and a parenthesis behind a type or a modifier, and no statement. */
    private static final Pattern METHOD = Pattern.compile(
            "(?:    ){1,3}(?!.*\\b(?:class|interface|enum|record) [A-Z])(?!if|for|while|switch|try|return|throw|else|do|case|synchronized \\(|new |//|\\*|@)"
                    + "[\\w<@][^=;\"]*\\w\\([^;\"]*");

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");

    @Test
    void filesHaveAtMost400Lines() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : both()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LINES_OF_FILE) {
                found.add(file.getFileName() + ": " + lines);
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void filesThatEachKeyPassesHaveAtMost250Lines() throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : EACH_KEYS_WAY) {
            for (Path file : filesOf(MAIN.resolve("io/camelrump").resolve(name))) {
                int lines = Files.readAllLines(file).size();
                if (lines > LINES_ON_EACH_KEYS_WAY
                        && !LONGER.containsKey(file.getFileName().toString())) {
                    found.add(file.getFileName() + ": " + lines);
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void methodsHaveAtMost40Lines() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : both()) {
            addLongMethods(file, found);
        }

        assertThat(found).isEmpty();
    }

    private static List<Path> both() throws IOException {
        List<Path> files = new ArrayList<>(files(MAIN));
        files.addAll(files(TESTS));
        return files;
    }

    private static void addLongMethods(Path file, List<String> found) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int begin = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (begin >= 0 && line.equals(indent(lines.get(begin)) + "}")) {
                if (i - begin + 1 > LINES_OF_METHOD) {
                    found.add(file.getFileName() + ":" + (begin + 1) + ": " + (i - begin + 1) + " lines");
                }
                begin = -1;
            } else if (METHOD.matcher(line).matches()
                    && (begin < 0 || indent(line).length() <= 4)) {
                begin = i;
            }
        }
    }

    private static String indent(String line) {
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    /** Those of one package. */
    private static List<Path> filesOf(Path folder) throws IOException {
        return files(folder).stream()
                .filter(file -> file.getParent().equals(folder))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
