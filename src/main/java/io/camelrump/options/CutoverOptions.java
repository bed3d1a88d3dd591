package io.camelrump.options;

import io.camelrump.FinalCompare;
import io.camelrump.UsageException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** When a live run is cut over without being asked by a person, and how that is done. */
@UriParams
public class CutoverOptions {
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(5);

    @UriParam(
            label = "consumer,live",
            javaType = "java.time.Duration",
            description = "Cuts a live run over when everything was copied once and no change has waited longer than"
                    + " this. Not at all if not set.")
    private @Nullable Duration untilLag;

    @UriParam(
            label = "consumer,live",
            javaType = "java.time.Duration",
            description = "Cuts a live run over this long after its start. Not at all if not set.")
    private @Nullable Duration untilAfter;

    @UriParam(
            label = "consumer,live",
            description = "Cuts a live run over when this file is there; it must not be at the start. Not at all if not"
                    + " set.")
    private @Nullable String cutoverFile;

    @UriParam(
            label = "consumer,live",
            defaultValue = "5m",
            javaType = "java.time.Duration",
            description =
                    "Time for the cutover of a live run. If both sides are not found equal within it, the run ends"
                            + " NOT_CONVERGED.")
    private Duration cutoverTimeout = USUAL_TIMEOUT;

    @UriParam(
            label = "consumer,live",
            javaType = "java.time.Duration",
            description =
                    "Pauses writes on the source (CLIENT PAUSE, from Redis 6.2) for up to this long from the start"
                            + " of the cutover. Clients that wait then resume writing to the old server. No pause if not set.")
    private @Nullable Duration pauseWrites;

    @UriParam(
            label = "consumer,live",
            defaultValue = "false",
            description =
                    "Closes connections whose writes wait (CLIENT KILL), from convergence until the pause is over,"
                            + " so that their clients reconnect by the new address. Takes pauseWrites.")
    private boolean failWaitingWrites;

    @UriParam(
            label = "consumer,live",
            defaultValue = "waiting",
            enums = "waiting,full,none",
            description =
                    "What the cutover of a live run compares: only keys whose changes wait then, as all others were"
                            + " verified beside the writers (waiting); every key (full); or none, for routes that change keys or"
                            + " values: then nothing says that both sides are equal.")
    private FinalCompare finalCompare = FinalCompare.WAITING;

    /** @throws UsageException if a value is out of range, or is about a run that is not live */
    public void check(SourceOptions source) {
        Limits.positive("cutoverTimeout", cutoverTimeout);
        positive("untilLag", untilLag);
        positive("untilAfter", untilAfter);
        positive("pauseWrites", pauseWrites);
        if (untilLag != null && untilAfter != null) {
            throw OptionText.wrong("untilLag", untilLag, "only without untilAfter");
        }
        if (failWaitingWrites && pauseWrites == null) {
            throw OptionText.wrong("failWaitingWrites", true, "only with pauseWrites");
        }
        if (pauseWrites != null && !source.isLive()) {
            throw OptionText.wrong("pauseWrites", pauseWrites, "only with live");
        }
    }

    private static void positive(String option, @Nullable Duration time) {
        if (time != null) {
            Limits.positive(option, time);
        }
    }

    /**
     * Requires that the file can be made, and is not there: else it would cut over a run that nobody has looked at.
     *
     * @throws UsageException if it is there, or if its folder is not
     */
    public void checkFile() {
        Path file = cutoverPath();
        if (file == null) {
            return;
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw OptionText.wrong("cutoverFile", file, "a file that is made when the run is to cut over: remove it");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw OptionText.wrong("cutoverFile", file, "in a folder that is there");
        }
    }

    /** {@code cutoverFile} as a path; null if it is not set. */
    public @Nullable Path cutoverPath() {
        return cutoverFile == null ? null : Path.of(cutoverFile);
    }

    public @Nullable Duration getUntilLag() {
        return untilLag;
    }

    public void setUntilLag(@Nullable Duration untilLag) {
        this.untilLag = untilLag;
    }

    public @Nullable Duration getUntilAfter() {
        return untilAfter;
    }

    public void setUntilAfter(@Nullable Duration untilAfter) {
        this.untilAfter = untilAfter;
    }

    public @Nullable String getCutoverFile() {
        return cutoverFile;
    }

    public void setCutoverFile(@Nullable String cutoverFile) {
        this.cutoverFile = cutoverFile;
    }

    public Duration getCutoverTimeout() {
        return cutoverTimeout;
    }

    public void setCutoverTimeout(Duration cutoverTimeout) {
        this.cutoverTimeout = cutoverTimeout;
    }

    public @Nullable Duration getPauseWrites() {
        return pauseWrites;
    }

    public void setPauseWrites(@Nullable Duration pauseWrites) {
        this.pauseWrites = pauseWrites;
    }

    public boolean isFailWaitingWrites() {
        return failWaitingWrites;
    }

    public void setFailWaitingWrites(boolean failWaitingWrites) {
        this.failWaitingWrites = failWaitingWrites;
    }

    public FinalCompare getFinalCompare() {
        return finalCompare;
    }

    public void setFinalCompare(FinalCompare finalCompare) {
        this.finalCompare = finalCompare;
    }
}
