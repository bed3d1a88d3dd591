package io.camelrump.cli.flags;

import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags that select keys. */
public final class FilterFlags extends FlagGroup {
    final Flag<String> match = text(
            "--match",
            "GLOB",
            "Select only keys whose name matches GLOB. The source filters (SCAN MATCH), so other keys are not counted. "
                    + "Default: *.");
    final Flag<String> type = text(
            "--type",
            "TYPE",
            "Select only keys of this type: string, list, set, zset, hash or stream; separate several by commas. "
                    + "Default: all.");
    final Flag<List<String>> includeKey = texts(
            "--include-key",
            "GLOB",
            "Select only keys whose name matches GLOB; others count as filtered. Repeatable. Default: none.");
    final Flag<List<String>> excludeKey = texts(
            "--exclude-key",
            "GLOB",
            "Leave out keys whose name matches GLOB, whatever includes them. Repeatable. Default: none.");
    final Flag<List<String>> includeRegex = texts(
            "--include-regex",
            "REGEX",
            "Select only keys whose whole name matches REGEX, or that --include-key selects. Repeatable. Default: "
                    + "none.");
    final Flag<List<String>> excludeRegex = texts(
            "--exclude-regex",
            "REGEX",
            "Leave out keys whose whole name matches REGEX, whatever includes them. Repeatable. Default: none.");
    final Flag<Path> keysFrom = file(
            "--keys-from",
            "Read the keys listed in FILE (a file, a pipe, or - for standard input) instead of scanning: one per line, "
                    + "such as a list that --failed-keys wrote. Default: none.");
    final Flag<Integer> sample = count("--sample", "Stop after N keys. Default: none.");
    final Flag<Size> minSize =
            size("--min-size", "Select only keys that take at least SIZE of the source's memory. Default: none.");
    final Flag<Size> maxSize =
            size("--max-size", "Select only keys that take at most SIZE of the source's memory. Default: none.");
    final Flag<Span> minTtl = time(
            "--min-ttl",
            "Select only keys that live for at least TIME more (keys without expiry included). Default: none.");
    final Flag<Span> maxTtl = time(
            "--max-ttl", "Select only keys that expire within TIME (keys without expiry excluded). Default: none.");

    public FilterFlags() {
        super("Filters");
    }

    /** Whether fewer keys are read than a scan gives. */
    public boolean isPartOfScan() {
        return keysFrom.isGiven() || sample.isGiven();
    }

    /** Reads keys that can be read only once, and keeps them; what is wrong about them, or null. */
    @Nullable
    public String keepPiped(StopSignals signals) {
        try {
            Path named = keysFrom.value();
            keysFrom.replace(named == null ? null : PipedKeys.kept(named, signals));
            return null;
        } catch (IOException e) {
            return "--keys-from=" + keysFrom.value() + " cannot be read, or kept in a temporary file: "
                    + e.getMessage();
        }
    }

    /** @param startedAt what times to live are compared from, in milliseconds of the epoch */
    public void put(RouteProperties properties, long startedAt) {
        properties.all("match", match.value());
        properties.all("type", type.value());
        properties.all("include-key", includeKey.value());
        properties.all("exclude-key", excludeKey.value());
        properties.all("include-regex", includeRegex.value());
        properties.all("exclude-regex", excludeRegex.value());
        properties.all("keys-from", keysFrom.value());
        properties.all("sample", sample.value());
        properties.all("min-size", minSize.value());
        properties.all("max-size", maxSize.value());
        properties.all("min-ttl", minTtl.value());
        properties.all("max-ttl", maxTtl.value());
        properties.all("ttl-as-of", !minTtl.isGiven() && !maxTtl.isGiven() ? null : startedAt);
    }
}
