package io.camelrump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that select keys. */
final class FilterFlags {
    @Option(
            names = "--match",
            paramLabel = "GLOB",
            description =
                    "Select only keys whose name matches GLOB. The source filters (SCAN MATCH), so other keys are "
                            + "not counted. Default: *.")
    @Nullable
    String match;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Select only keys of this type: string, list, set, zset, hash or stream; separate several by "
                    + "commas. Default: all.")
    @Nullable
    String type;

    @Option(
            names = "--include-key",
            paramLabel = "GLOB",
            description =
                    "Select only keys whose name matches GLOB; others count as filtered. Repeatable. Default: none.")
    @Nullable
    List<String> includeKey;

    @Option(
            names = "--exclude-key",
            paramLabel = "GLOB",
            description = "Leave out keys whose name matches GLOB, whatever includes them. Repeatable. Default: none.")
    @Nullable
    List<String> excludeKey;

    @Option(
            names = "--include-regex",
            paramLabel = "REGEX",
            description = "Select only keys whose whole name matches REGEX, or that --include-key selects. Repeatable. "
                    + "Default: none.")
    @Nullable
    List<String> includeRegex;

    @Option(
            names = "--exclude-regex",
            paramLabel = "REGEX",
            description = "Leave out keys whose whole name matches REGEX, whatever includes them. Repeatable. Default: "
                    + "none.")
    @Nullable
    List<String> excludeRegex;

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description =
                    "Read the keys listed in FILE (a file, a pipe, or - for standard input) instead of scanning: one "
                            + "per line, such as a list that --failed-keys wrote. Default: none.")
    @Nullable
    Path keysFrom;

    @Option(
            names = "--sample",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after N keys. Default: none.")
    @Nullable
    Integer sample;

    @Option(
            names = "--min-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Select only keys that take at least SIZE of the source's memory. Default: none.")
    @Nullable
    Size minSize;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Select only keys that take at most SIZE of the source's memory. Default: none.")
    @Nullable
    Size maxSize;

    @Option(
            names = "--min-ttl",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Select only keys that live for at least TIME more (keys without expiry included). Default: "
                    + "none.")
    @Nullable
    Span minTtl;

    @Option(
            names = "--max-ttl",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Select only keys that expire within TIME (keys without expiry excluded). Default: none.")
    @Nullable
    Span maxTtl;

    /** Whether fewer keys are read than a scan gives. */
    boolean isPartOfScan() {
        return keysFrom != null || sample != null;
    }

    /** Reads keys that can be read only once, and keeps them; what is wrong about them, or null. */
    @Nullable
    String keepPiped(StopSignals signals) {
        try {
            keysFrom = keysFrom == null ? null : PipedKeys.kept(keysFrom, signals);
            return null;
        } catch (IOException e) {
            return "--keys-from=" + keysFrom + " cannot be read, or kept in a temporary file: " + e.getMessage();
        }
    }

    /** @param startedAt what times to live are compared from, in milliseconds of the epoch */
    void put(RouteProperties properties, long startedAt) {
        properties.all("match", match);
        properties.all("type", type);
        properties.all("include-key", includeKey);
        properties.all("exclude-key", excludeKey);
        properties.all("include-regex", includeRegex);
        properties.all("exclude-regex", excludeRegex);
        properties.all("keys-from", keysFrom);
        properties.all("sample", sample);
        properties.all("min-size", minSize);
        properties.all("max-size", maxSize);
        properties.all("min-ttl", minTtl);
        properties.all("max-ttl", maxTtl);
        properties.all("ttl-as-of", minTtl == null && maxTtl == null ? null : startedAt);
    }
}
