package io.camelrump.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of a live run: whether to follow the source's changes, and what brings the run to its end. */
final class LiveFlags {
    @Option(
            names = "--live",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Follows the changes of the source beside the scan and after it, until it is told to cut over: by"
                            + " SIGUSR1, or by one of the next three. Default: false.")
    private @Nullable Boolean live;

    @Option(
            names = "--until-lag",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Cuts over when all was copied once and no change waits longer than this.")
    private @Nullable Span untilLag;

    @Option(
            names = "--until-after",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Cuts over so long after the start.")
    private @Nullable Span untilAfter;

    @Option(names = "--cutover-file", paramLabel = "FILE", description = "Cuts over when this file is there.")
    private @Nullable Path cutoverFile;

    @Option(
            names = "--cutover-timeout",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "How long the cutover may take until both sides are found equal; then the run ends with 7. Default: 5m.")
    private @Nullable Span cutoverTimeout;

    @Option(
            names = "--pause-writes",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "Holds up all writes at the source (CLIENT PAUSE) from the cutover until so long after its last step."
                            + " Whoever waits there will write to the old server then: move the clients before.")
    private @Nullable Span pauseWrites;

    boolean isLive() {
        return Boolean.TRUE.equals(live);
    }

    boolean pausesWrites() {
        return pauseWrites != null;
    }

    /** What is wrong about these flags together; null if nothing is. */
    @Nullable
    String objection() {
        boolean ends = untilLag != null || untilAfter != null || cutoverFile != null;
        if (!isLive() && (ends || cutoverTimeout != null || pauseWrites != null)) {
            return "--until-lag, --until-after, --cutover-file, --cutover-timeout and --pause-writes are about a live run:"
                    + " add --live";
        }
        if (untilLag != null && untilAfter != null) {
            return "--until-lag and --until-after exclude each other";
        }
        return null;
    }

    /** When and how to cut over; null if the run is not live. */
    @Nullable
    Live live() {
        return isLive()
                ? new Live(
                        untilLag,
                        untilAfter,
                        cutoverFile,
                        cutoverTimeout == null ? Live.TIMEOUT : cutoverTimeout,
                        pauseWrites)
                : null;
    }
}
