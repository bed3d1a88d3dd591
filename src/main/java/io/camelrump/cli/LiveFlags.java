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
            description = "Follow the source's changes during and after the scan, until the cutover: by SIGUSR1, "
                    + "--until-lag, --until-after or --cutover-file. Default: false.")
    private @Nullable Boolean live;

    @Option(
            names = "--until-lag",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "Cut over when everything was copied once and no change has waited longer than TIME. Default: "
                            + "none.")
    private @Nullable Span untilLag;

    @Option(
            names = "--until-after",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Cut over TIME after the start. Default: none.")
    private @Nullable Span untilAfter;

    @Option(names = "--cutover-file", paramLabel = "FILE", description = "Cut over when FILE exists. Default: none.")
    private @Nullable Path cutoverFile;

    @Option(
            names = "--cutover-timeout",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "Give up the cutover, with exit code 7, if both sides are not found equal within TIME. Default: "
                            + "5m.")
    private @Nullable Span cutoverTimeout;

    @Option(
            names = "--pause-writes",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "Pause writes on the source (CLIENT PAUSE) for up to TIME from the start of the cutover. Clients "
                            + "still connected then resume writing to the old server: move them first. Default: none.")
    private @Nullable Span pauseWrites;

    boolean isLive() {
        return Boolean.TRUE.equals(live);
    }

    boolean pausesWrites() {
        return pauseWrites != null;
    }

    /** An objection to these flags together; null if there is none. */
    @Nullable
    String objection() {
        boolean ends = untilLag != null || untilAfter != null || cutoverFile != null;
        if (!isLive() && (ends || cutoverTimeout != null || pauseWrites != null)) {
            return "--until-lag, --until-after, --cutover-file, --cutover-timeout and --pause-writes are about a"
                    + " live run:"
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
