package io.camelrump.cli.flags;

import io.camelrump.FinalCompare;
import io.camelrump.TurningCheckpoint.Clients;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The flags of a live run: whether to follow the source's changes, and what brings the run to its end. */
public final class LiveFlags extends FlagGroup {
    private final Flag<Boolean> live = toggle(
            "--live",
            "Follow the source's changes during and after the scan, until the cutover: by SIGUSR1, --until-lag, "
                    + "--until-after or --cutover-file. Default: false.");
    private final Flag<Span> untilLag = time(
            "--until-lag",
            "Cut over when everything was copied once and no change has waited longer than TIME. Default: none.");
    private final Flag<Span> untilAfter = time("--until-after", "Cut over TIME after the start. Default: none.");
    private final Flag<Path> cutoverFile = file("--cutover-file", "Cut over when FILE exists. Default: none.");
    private final Flag<Span> cutoverTimeout = time(
            "--cutover-timeout",
            "Give up the cutover, with exit code 7, if both sides are not found equal within TIME. Default: 5m.");
    private final Flag<Span> pauseWrites = time(
            "--pause-writes",
            "Pause writes on the source (CLIENT PAUSE) for up to TIME from the start of the cutover. Clients still "
                    + "connected then resume writing to the old server: move them first. Default: none.");

    private final Flag<Boolean> failWaitingWrites = toggle(
            "--fail-waiting-writes",
            "Close connections whose writes wait (CLIENT KILL), from convergence until the pause is over, so that their"
                    + " clients reconnect by the new address. Takes --pause-writes. Default: false.");
    private final Flag<String> onCutover = text(
            "--on-cutover",
            "COMMAND",
            "Run COMMAND in a shell when both sides are equal, before the run says so, to switch the clients to the"
                    + " target. Default: none.");
    private final Flag<FinalCompare> finalCompare = choice(
            FinalCompare.class,
            "--final-compare",
            "waiting|full|none",
            "Compare at the cutover only keys whose changes wait then, as all others were verified beside the writers; "
                    + "every key; or none, for routes that change keys. Default: waiting.");

    private final Flag<Boolean> wayBack = toggle(
            "--way-back",
            "Follow the target's changes after the cutover and write them to the source, until rump release or rump "
                    + "go-back; with check, look whether that can be done. Default: false.");

    private final Flag<ClientsAt> clientsAt = choice(
            ClientsAt.class,
            "--clients-at",
            "from|to",
            "Resume a run with --way-back that was killed while its clients were being switched: they write to this side. "
                    + "Default: none.");

    /** The side that the clients write to. */
    private enum ClientsAt {
        FROM,
        TO
    }

    public LiveFlags() {
        super("Live runs and cutover");
    }

    public boolean isLive() {
        return Boolean.TRUE.equals(live.value());
    }

    public boolean isWayBack() {
        return Boolean.TRUE.equals(wayBack.value());
    }

    /** Where a person says that the clients are; null if he does not. */
    @Nullable
    public Clients clients() {
        ClientsAt side = clientsAt.value();
        return side == null ? null : side == ClientsAt.TO ? Clients.AT_TARGET : Clients.AT_SOURCE;
    }

    public boolean pausesWrites() {
        return pauseWrites.isGiven();
    }

    private boolean failsWaiting() {
        return Boolean.TRUE.equals(failWaitingWrites.value());
    }

    /** An objection to these flags together; null if there is none. */
    @Nullable
    public String objection() {
        if (clientsAt.isGiven() && !isWayBack()) {
            return "--clients-at is about a run with --way-back: add that";
        }
        boolean ends = untilLag.isGiven() || untilAfter.isGiven() || cutoverFile.isGiven();
        if (!isLive() && (ends || cutoverTimeout.isGiven() || pauseWrites.isGiven() || finalCompare.isGiven())) {
            return "--until-lag, --until-after, --cutover-file, --cutover-timeout, --pause-writes and --final-compare"
                    + " are about a live run: add --live";
        }
        if (!isLive() && onCutover.isGiven()) {
            return "--on-cutover is about the cutover of a live run: add --live";
        }
        if (failsWaiting() && !pauseWrites.isGiven()) {
            return "--fail-waiting-writes is about the writes that a pause holds up: add --pause-writes TIME";
        }
        if (untilLag.isGiven() && untilAfter.isGiven()) {
            return "--until-lag and --until-after exclude each other";
        }
        return fileObjection();
    }

    /** A file that is there from the start would cut over a run that nobody has looked at. */
    private @Nullable String fileObjection() {
        Path file = cutoverFile.value();
        if (file == null) {
            return null;
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "--cutover-file " + file + " is there already: remove it, and make it when the run is to cut over";
        }
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || Files.isDirectory(folder)
                ? null
                : "--cutover-file " + file + " can never be there: " + folder + " is no folder";
    }

    /** Sets the options of the source; of a run that is not live there are none. */
    public void put(RouteProperties properties) {
        if (isLive()) {
            properties.source("live", true);
            properties.source("until-lag", untilLag.value());
            properties.source("until-after", untilAfter.value());
            properties.source("cutover-file", cutoverFile.value());
            properties.source("cutover-timeout", cutoverTimeout.value());
            properties.source("pause-writes", pauseWrites.value());
            properties.source("fail-waiting-writes", failWaitingWrites.value());
            properties.source("final-compare", finalCompare.value());
        }
    }

    /** Effects of the run on the clients of its source; null if it is not live. */
    @Nullable
    public Live live() {
        Span pause = pauseWrites.value();
        return isLive()
                ? new Live(pause == null ? null : pause.duration(), failsWaiting(), onCutover.value(), isWayBack())
                : null;
    }
}
