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
 * Words that make a reader stop, each of which was common here once. {@code .github/CONTRIBUTING.md} has the rules, and
 * what to write instead.
 */
class EnglishTest {
    private static final Pattern WORDS = Pattern.compile(
            "\\b(?:"
                    + String.join(
                            "|",
                            "can not",
                            "told(?! (?:apart|from))",
                            "tells? (?:of|its (?:changes|time))",
                            "(?:does|did) not tell(?! (?:apart|from))",
                            "nothing tells",
                            "goes? on at",
                            "something else than",
                            "(?:passing|lasting) (?:error|failure|answer|refusal)s?",
                            "witness(?:es)?",
                            "by the ledger",
                            "(?:the|no|while|whose) news",
                            "so (?:many|much|long|often) (?:bytes|keys|pages|after|at|as it)",
                            "at the most",
                            "in a second",
                            "(?:is|are) to be",
                            "of (?:one|a person)'s own",
                            "on (?:its|their|the) way",
                            "one of a cluster's",
                            "likewise",
                            "for ever",
                            "in vain",
                            "nobody (?:is to|knows)")
                    + ")\\b",
            Pattern.CASE_INSENSITIVE);

    /** First words of a Javadoc that leave open what it is about. */
    private static final Pattern VAGUE_BEGINNING = Pattern.compile("^\\s*/\\*\\* (?:What|Those|Of|The same|So|It) ");

    /** Names of tests whose subject is elsewhere. */
    private static final Pattern VAGUE_TEST = Pattern.compile(
            "void (?:(?:what|whatever|it|that|those|they|who|whoever|whose|so)[A-Z]\\w*|\\w*(?:Told|GoesOn|GoOn|GoingOn|OnItsWay|OnTheWay|Passing)"
                    + "(?:[A-Z]\\w*)?|(?:\\w*T|t)ells?(?:[A-Z]\\w*)?)\\(");

    /** A name that may mean resuming, retrying, the next pass or the step behind: one word for each. */
    private static final Pattern VAGUE_NAME = Pattern.compile("(?:\\b|[a-z])[gG]o(?:es)?On(?![a-z])");

    private static final Path SOURCES = Path.of("src/main/java/io/camelrump");

    @Test
    void pagesForReadersAreFreeOfThem() throws IOException {
        List<String> found = found(WORDS, Path.of("README.md"), Path.of("CHANGELOG.md"));
        found.addAll(found(WORDS, Path.of("src/main/docs"), Path.of("src/main/dist"), Path.of("routes")));
        found.addAll(found(WORDS, Path.of(".github")));
        // its table of rules shows what not to write
        found.removeIf(line -> line.matches("CONTRIBUTING.md:\\d+: \\|.*"));

        assertThat(found).isEmpty();
    }

    @Test
    void commentsAndMessagesAreFreeOfThem() throws IOException {
        assertThat(found(WORDS, SOURCES)).isEmpty();
        assertThat(found(VAGUE_BEGINNING, SOURCES)).isEmpty();
        assertThat(found(VAGUE_NAME, SOURCES)).isEmpty();
    }

    @Test
    void namesOfTestsAreUnderstoodAlone() throws IOException {
        assertThat(found(VAGUE_TEST, Path.of("src/test/java"))).isEmpty();
    }

    private static List<String> found(Pattern pattern, Path... places) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path place : places) {
            try (Stream<Path> files = Files.walk(place)) {
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
