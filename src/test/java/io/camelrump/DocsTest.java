package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages for readers: the README, the changelog, {@code src/main/docs} and {@code .github}. */
class DocsTest {
    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("src/main/docs");
    private static final Path SOURCES = Path.of("src/main/java");

    /** Targets of {@code [text](target)}, {@code xref:target[text]} and {@code link:target[text]}. */
    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:xref|link):([^\\[\\s]+)\\[|<img src=\"([^\"]+)\"");

    private static final Pattern HEADING = Pattern.compile("(?m)^(?:#{2,5}|={2,5}) (.+)$");
    private static final Pattern ANCHOR = Pattern.compile("(?m)^\\[#([\\w-]+)\\]$");
    private static final Pattern LISTING = Pattern.compile("(?ms)^(```|----).*?^\\1$");
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)*)(?:\\.\\w+)?`");

    /** Shorter ones may well be alike. */
    private static final int WORDS_OF_A_SENTENCE = 8;

    static Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(README, Path.of("CHANGELOG.md")));
        for (Path folder : List.of(DOCS, Path.of(".github"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().matches(".*\\.(adoc|md)")).forEach(pages::add);
            }
        }
        return pages.stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkOfAPageLeadsToAFileAndToAHeadingInIt(Path page) throws IOException {
        List<String> links = LINK.matcher(withoutListings(page))
                .results()
                .map(DocsTest::target)
                .filter(link -> !link.matches("https?:.*|mailto:.*"))
                .toList();

        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            Path file =
                    parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            assertThat(file).exists();
            if (parts.length > 1) {
                assertThat(anchors(file)).contains(parts[1]);
            }
        });
    }

    /** A fact has one home, and other pages link there. */
    @Test
    void noSentenceStandsOnTwoPages() throws IOException {
        Map<String, Set<Path>> homes = new HashMap<>();
        try (Stream<Path> pages = pages()) {
            pages.forEach(
                    page -> sentences(page).forEach(sentence -> homes.merge(sentence, Set.of(page), DocsTest::union)));
        }
        homes.values().removeIf(found -> found.size() == 1);

        assertThat(new TreeMap<>(homes)).isEmpty();
    }

    @Test
    void eachPlatformThatIsRunHasARowInTheTableOfCompatibility() throws IOException {
        List<String> rows = Files.readAllLines(DOCS.resolve("platforms/compatibility.adoc")).stream()
                .filter(line -> line.startsWith("| "))
                .toList();
        try (Stream<Path> folders = Files.list(Path.of("src/platforms"))) {
            assertThat(folders.map(folder -> "`" + folder.getFileName() + "`"))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(folder ->
                            assertThat(rows).anySatisfy(row -> assertThat(row).contains(folder)));
        }
    }

    @Test
    void theChangelogStaysShort() throws IOException {
        assertThat(Files.readAllLines(Path.of("CHANGELOG.md"))).hasSizeLessThanOrEqualTo(30);
    }

    @Test
    void theReadmeStaysShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(150);
        assertThat(Files.readString(README).split("\\s+")).hasSizeLessThanOrEqualTo(1_300);
    }

    @Test
    void theClassesThatTheArchitectureNamesExist() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        List<String> named = CLASS_NAME
                .matcher(Files.readString(DOCS.resolve("architecture.adoc")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(named).isNotEmpty();
        assertThat(classes).containsAll(named);
    }

    private static String target(MatchResult match) {
        return Stream.of(match.group(1), match.group(2), match.group(3))
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    /** The anchors that GitHub gives to a page's headings, and those that are written there. */
    private static List<String> anchors(Path page) throws IOException {
        String text = withoutListings(page);
        return Stream.concat(
                        HEADING.matcher(text).results().map(match -> slug(match.group(1))),
                        ANCHOR.matcher(text).results().map(match -> match.group(1)))
                .toList();
    }

    private static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w -]", "")
                .strip()
                .replace(' ', '-');
    }

    private static String withoutListings(Path page) throws IOException {
        return LISTING.matcher(Files.readString(page)).replaceAll("");
    }

    private static List<String> sentences(Path page) {
        try {
            return Stream.of(withoutListings(page)
                            .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                            .split("\n|(?<=[.:;]) "))
                    .map(sentence -> sentence.replaceAll("[^\\w ]", " ").strip().toLowerCase(Locale.ROOT))
                    .map(sentence -> sentence.replaceAll(" +", " "))
                    .filter(sentence -> sentence.split(" ").length >= WORDS_OF_A_SENTENCE)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Path> union(Set<Path> one, Set<Path> other) {
        return Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet());
    }
}
