package io.camelrump.keys;

import io.camelrump.redis.KeyList;
import io.camelrump.text.OptionLines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which keys to take by their name, decided by the client: a key is taken if it matches one include, or there is none,
 * and matches no exclude.
 *
 * <p>A glob looks at bytes. A regular expression must match the whole name, read as UTF-8; a dot in it stands for any
 * character, also for the end of a line.
 */
public final class NameFilter {
    private interface Test {
        boolean matches(byte[] bytes, int offset, int length);
    }

    private final Glob match;
    private final List<Test> includes;
    private final List<Test> excludes;

    private NameFilter(Glob match, List<Test> includes, List<Test> excludes) {
        this.match = match;
        this.includes = includes;
        this.excludes = excludes;
    }

    /**
     * From the options' texts, each with one pattern a line ({@link OptionLines}); null if they let every name pass.
     *
     * @param match glob that a key must match beside all else, where no SCAN sees to it
     */
    static @Nullable NameFilter of(
            String match,
            @Nullable String includeKey,
            @Nullable String excludeKey,
            @Nullable String includeRegex,
            @Nullable String excludeRegex) {
        List<Test> includes = Stream.concat(globs("includeKey", includeKey), regexes("includeRegex", includeRegex))
                .toList();
        List<Test> excludes = Stream.concat(globs("excludeKey", excludeKey), regexes("excludeRegex", excludeRegex))
                .toList();
        boolean all = match.equals("*") && includes.isEmpty() && excludes.isEmpty();
        return all ? null : new NameFilter(new Glob(OptionLines.required("match", match)), includes, excludes);
    }

    private static Stream<Test> globs(String option, @Nullable String text) {
        return OptionLines.split(option, text).stream().map(Glob::new).map(glob -> glob::matches);
    }

    private static Stream<Test> regexes(String option, @Nullable String text) {
        return OptionLines.split(option, text).stream().map(line -> regex(option, line));
    }

    private static Test regex(String option, String text) {
        KeyPattern pattern = KeyPattern.of(option, text, Pattern.DOTALL);
        return (bytes, offset, length) -> pattern.matches(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    boolean takes(byte[] bytes, int offset, int length) {
        return match.matches(bytes, offset, length)
                // first: a glob can leave a name out that takes a regular expression too long
                && !matchesAny(excludes, bytes, offset, length)
                && (includes.isEmpty() || matchesAny(includes, bytes, offset, length));
    }

    private static boolean matchesAny(List<Test> tests, byte[] bytes, int offset, int length) {
        for (Test test : tests) {
            if (test.matches(bytes, offset, length)) {
                return true;
            }
        }
        return false;
    }

    /** The keys that are taken: the same list if all are. */
    public KeyList keep(KeyList keys) {
        int[] kept = new int[keys.size()];
        int size = 0;
        for (int i = 0; i < kept.length; i++) {
            if (takes(keys.array(), keys.offset(i), keys.length(i))) {
                kept[size++] = i;
            }
        }
        return size == kept.length ? keys : keys.select(Arrays.copyOf(kept, size));
    }
}
