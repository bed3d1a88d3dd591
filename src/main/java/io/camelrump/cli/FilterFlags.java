package io.camelrump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that leave keys out, one by one. */
final class FilterFlags {
    @Option(
            names = "--include-key",
            paramLabel = "GLOB",
            description = "Only keys with such a name; others count as filtered. May be given several times.")
    @Nullable
    List<String> includeKey;

    @Option(
            names = "--exclude-key",
            paramLabel = "GLOB",
            description = "No keys with such a name, whatever includes them. May be given several times.")
    @Nullable
    List<String> excludeKey;

    @Option(
            names = "--include-regex",
            paramLabel = "REGEX",
            description = "Only keys whose whole name matches. May be given several times.")
    @Nullable
    List<String> includeRegex;

    @Option(
            names = "--exclude-regex",
            paramLabel = "REGEX",
            description = "No keys whose whole name matches. May be given several times.")
    @Nullable
    List<String> excludeRegex;

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description =
                    "Reads the keys in this file or pipe, one a line, such as one that --failed-keys wrote; - is standard"
                            + " input.")
    @Nullable
    Path keysFrom;

    @Option(
            names = "--sample",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Ends after so many keys.")
    @Nullable
    Integer sample;

    @Option(
            names = "--min-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Only keys that take at least so many bytes in the source's memory.")
    @Nullable
    Size minSize;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Only keys that take at most so many bytes.")
    @Nullable
    Size maxSize;

    @Option(
            names = "--min-ttl",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Only keys that have at least so long to live; those without expiry have.")
    @Nullable
    Span minTtl;

    @Option(
            names = "--max-ttl",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Only keys that have at most so long to live; those without expiry have not.")
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
        properties.set("scan.include-key", includeKey);
        properties.set("scan.exclude-key", excludeKey);
        properties.set("scan.include-regex", includeRegex);
        properties.set("scan.exclude-regex", excludeRegex);
        properties.set("scan.keys-from", keysFrom);
        properties.set("scan.sample", sample);
        properties.set("scan.min-size", minSize);
        properties.set("scan.max-size", maxSize);
        properties.set("scan.min-ttl", minTtl);
        properties.set("scan.max-ttl", maxTtl);
        properties.set("scan.ttl-as-of", minTtl == null && maxTtl == null ? null : startedAt);
    }
}
