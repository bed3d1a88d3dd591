package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page below {@code src/main/docs/platforms}: the commands on it, and what they print. */
final class PlatformPage {
    private static final Pattern CONSOLE = Pattern.compile("(?ms)^\\[source,console\\]\\R----\\R(.*?)^----$");
    private static final String PROMPT = "$ ";

    private final List<String> lines;

    private PlatformPage(List<String> lines) {
        this.lines = lines;
    }

    /** The console listing of a page that comes so late, from 0. */
    static PlatformPage of(String name, int listing) throws IOException {
        Matcher listings = CONSOLE.matcher(Files.readString(Path.of("src/main/docs/platforms", name + ".adoc")));
        return new PlatformPage(listings.results()
                .skip(listing)
                .findFirst()
                .map(found -> found.group(1).lines().toList())
                .orElseThrow());
    }

    List<String> commands() {
        return lines.stream()
                .filter(line -> line.startsWith(PROMPT))
                .map(line -> line.substring(PROMPT.length()))
                .toList();
    }

    String command(int index) {
        return commands().get(index);
    }

    /** Whether the listing shows what was printed: numbers aside, which differ from run to run. */
    void assertShows(String printed) {
        List<String> expected = lines.stream()
                .filter(Predicate.not(line -> line.startsWith(PROMPT) || line.equals("...")))
                .map(PlatformPage::withoutNumbers)
                .toList();
        assertThat(expected).isNotEmpty();
        assertThat(printed.lines().map(PlatformPage::withoutNumbers)).containsSubsequence(expected);
    }

    private static String withoutNumbers(String line) {
        return line.strip().replaceAll("(?:\\d[\\d,.:]*(?:ms|s|m)?)+", "N");
    }
}
