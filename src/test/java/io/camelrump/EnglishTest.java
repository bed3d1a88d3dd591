package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Words that make a reader stop, each of which was common here once. {@code .github/CONTRIBUTING.md} has the rules and what
 * to write instead.
 */
class EnglishTest {
    private static final List<String> WORDS = List.of(
            "can not",
            "(is|are|was|were|being) told(?! apart)|tells? of",
            "the news (are|is|break|come)",
            "so (many|much|long|often) (bytes|keys|pages|after|at|as it)",
            "at the most",
            "in a second",
            "is to be|are to be",
            "of one's own|of a person's own",
            "on (its|their|the) way",
            "one of a cluster's",
            "likewise",
            "for ever",
            "in vain",
            "nobody (is to|knows)");

    /** First words of a sentence that leave open what it is about. */
    private static final Pattern VAGUE_BEGIN =
            Pattern.compile("^\\s*(?:/\\*\\*|\\*) (What|Those|Of|The same|Likewise|So|It) .*");

    private static final Pattern FORBIDDEN =
            Pattern.compile("\\b(?:" + String.join("|", WORDS) + ")\\b", Pattern.CASE_INSENSITIVE);

    @Test
    void pagesForReadersAreFreeOfThem() throws IOException {
        List<String> found = found(FORBIDDEN, "README.md", "CHANGELOG.md", "src/main/docs", "routes");
        // its table of the rules shows what not to write
        found.addAll(found(FORBIDDEN, ".github").stream()
                .filter(line -> !line.matches("CONTRIBUTING.md:\\d+: \\|.*"))
                .toList());
        // the texts of the options, which stand in the code
        found.removeIf(line -> line.matches("rump-component.adoc:\\d+: \\| \\*.*"));

        assertThat(found).isEmpty();
    }

    @Test
    void helpIsFreeOfThem() throws IOException {
        assertThat(found(FORBIDDEN, "src/main/java/io/camelrump/cli").stream()
                        .filter(line -> line.matches("[^:]*(Flags|Command)\\.java:.*")))
                .isEmpty();
    }

    private static List<String> found(Pattern pattern, String... places) throws IOException {
        List<String> found = new ArrayList<>();
        for (String place : places) {
            try (Stream<Path> files = Files.walk(Path.of(place))) {
                files.filter(Files::isRegularFile).sorted().forEach(file -> find(pattern, file, found));
            }
        }
        return found;
    }

    private static void find(Pattern pattern, Path file, List<String> found) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(file.getFileName() + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
