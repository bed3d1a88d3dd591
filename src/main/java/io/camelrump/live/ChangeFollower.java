package io.camelrump.live;

import io.camelrump.ChangeSource;
import io.camelrump.Difference;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.EqualStart;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a live run does beside its scan: it scans again where changes were missed, looks for keys that are gone unseen,
 * reads streams again, whose groups change unreported, and finds the moment at which nothing waits any more.
 *
 * <p>Belongs to the thread of the consumer.
 */
public final class ChangeFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);
    private static final long BETWEEN_STREAMS = TimeUnit.SECONDS.toNanos(5);
    /** If no changes are reported, the source is scanned again this long after its last scan. */
    private static final long BETWEEN_SCANS = TimeUnit.SECONDS.toNanos(10);

    /** Pause before the next reading of all streams, as a multiple of how long the last one took. */
    private static final int PAUSE_FOR_READING = 20;

    private final Run run;
    private final ChangeLog changes;
    private final ReverseMapping origins;
    private final TargetSweeps sweeps;
    private final @Nullable ChangeListeners listeners;
    private final SourceWatch watch;
    private final Milestones milestones;
    private final KnownStreams streams = new KnownStreams();
    private long streamsReadAt = System.nanoTime();
    private boolean readingStreams;
    private long pause = BETWEEN_STREAMS;
    private long scanBegunAt = System.nanoTime();
    private long scanEndedAt;
    private boolean saidMany;

    /** The ticket that is being redeemed; 0 if none is. */
    private long draining;

    private Map<ChangeListener, Long> barrier = Map.of();
    private boolean streamsDrained;
    /** The moment of an equal start whose barrier is awaited; 0 for none. */
    private long equalAt;

    /**
     * @param listeners null where the source reports no changes
     * @param anyNumber whether keys are deleted however many are gone at once
     */
    public ChangeFollower(
            Run run,
            ChangeLog changes,
            ReverseMapping origins,
            @Nullable ChangeListeners listeners,
            SourceWatch watch,
            boolean anyNumber) {
        this.run = run;
        this.changes = changes;
        this.origins = origins;
        this.listeners = listeners;
        this.watch = watch;
        this.milestones = new Milestones(run, changes);
        this.sweeps = new TargetSweeps(run, changes, origins, watch, anyNumber);
        changes.withheld().leaving(this::isLeft);
        changes.verification().know(origins::names, streams::names);
        if (run.sources().equalStart().isExpected()
                && !run.sources().equalStart().isHeld()) {
            changes.withheld().disputed().begin(origins::wantedNames);
        }
        Checkpoint resumed = run.targets().resumed();
        if (resumed != null) {
            changes.withheld().disputed().resume(resumed.held());
            // nobody followed the changes since that run ended: what was written is found by the comparison at the end
            changes.gaps().missed();
            if (!run.sources().equalStart().isExpected()) {
                changes.gaps()
                        .missesSome(
                                "streams that an earlier run read are not known, and their groups change unreported");
            }
        }
    }

    private boolean isLeft(Difference extra) {
        if (extra.isFunctionLibrary()) {
            return !run.targets().loadedLibraries().contain(new String(extra.key(), StandardCharsets.UTF_8));
        }
        TargetNameIndex.Source there = origins.target(new TargetNameIndex.Source(extra.database(), extra.key()));
        return run.targets().participants().stream().anyMatch(target -> target.leaves(there.database(), there.key()));
    }

    /** Takes note of what a page holds. */
    public void read(PageData page) {
        if (!streams.read(page) && !saidMany) {
            saidMany = true;
            changes.gaps()
                    .missesSome("the source has more than " + KnownStreams.MOST
                            + " streams, whose groups change unreported");
            LOG.warn(
                    "The source has more than {} streams: changes of consumer groups of further ones are found only"
                            + " by a comparison",
                    KnownStreams.MOST);
        }
    }

    /**
     * Listens to both sides while nothing is read or written yet, and takes note of the moment from which on whatever
     * changes counts.
     */
    public void listen() throws InterruptedException {
        for (Participant target : run.targets().participants()) {
            target.watch(run);
        }
        EqualStart start = run.sources().equalStart();
        if (listeners == null || run.targets().isAnyWanted()) {
            return;
        }
        if (!start.isListening() && hearAll()) {
            start.listens();
        }
        long moment = start.wanted();
        if (moment == 0) {
            return;
        }
        if (moment != equalAt) {
            equalAt = moment;
            barrier = listeners.barrier();
        }
        if (listeners.isPast(barrier) && watch.look() && !changes.gaps().wantsScanOrSweep() && hearAll()) {
            changes.verification().begin();
            // of an earlier moment, after which both sides differed again
            changes.verification().areEqual(changes.verification().names(), Long.MAX_VALUE);
            changes.withheld().disputed().begin(origins::wantedNames);
            start.heard(moment, changes.verification().status().epoch());
        }
    }

    /** Does what is due, before the next page is read. */
    public void turn(PageSource source) throws InterruptedException {
        changes.firstCopy().look(run.epoch(), source.isScanEnded(), source.isAtEnd(), run.pages());
        milestones.look();
        if (listeners == null) {
            scanAgainAndAgain(source.isScanEnded());
        }
        if (source.follow(watch.databases())) {
            LOG.info("A database of the source was empty and now holds keys: the source is scanned again");
            changes.gaps().suspectAll();
        }
        // a drain waits only for changes from before its barrier, so later gaps are closed after it; and while change
        // notifications are held back, many keys would look as if they were gone unnoticed
        boolean ready = source.isScanEnded() && !changes.drains().isHoldingBack();
        // a running scan ends first: under a storm of changes it would never
        if (ready && changes.gaps().takeScan()) {
            LOG.info("Scanning the source again for changes that were not reported");
            scanBegunAt = System.nanoTime();
            // a small source is read within this turn, and never seen while it is being scanned
            scanEndedAt = 0;
            source.scanAgain();
        }
        if (listeners != null) {
            // to a sweep a delete whose report was not read yet looks like a key that is gone unnoticed
            listeners.gather(!sweeps.isUnderWay() && !changes.gaps().wantsScanOrSweep());
        }
        sweeps.turn(source, ready && source.isScanEnded());
        if (!sweeps.isUnderWay() && source.isScanEnded() && !changes.gaps().wantsScanOrSweep()) {
            changes.gaps().caughtUp();
        }
        if (readStreamsInTime()) {
            readFunctions(source);
        }
        watchTargets();
        drain(source);
    }

    /** Keeps an eye on what others write at the targets; also to be called while nothing is read. */
    public void watchTargets() throws InterruptedException {
        if (changes.verification().isBegun()) {
            for (Participant target : run.targets().participants()) {
                target.watch(run);
            }
        }
    }

    private void scanAgainAndAgain(boolean ended) {
        if (!ended) {
            scanEndedAt = 0;
        } else if (scanEndedAt == 0) {
            scanEndedAt = System.nanoTime();
            changes.gaps().silentSince(this, changes.status().by() == ChangeSource.SCANS ? scanBegunAt : -1);
        } else if (System.nanoTime() - scanEndedAt > BETWEEN_SCANS) {
            changes.gaps().suspectAll();
        }
    }

    /** No change of functions is reported either. */
    private void readFunctions(PageSource source) throws InterruptedException {
        Functions known = run.targets().functions();
        Functions now = known == null ? null : source.functions();
        if (known != null && now != null && !now.areSameAs(known)) {
            run.targets().functionsChanged(now);
        }
    }

    /**
     * Few of them every few seconds; many so seldom that it takes a small part of the time. Says whether they are read.
     */
    private boolean readStreamsInTime() {
        long now = System.nanoTime();
        if (readingStreams && !changes.hasSuspects()) {
            readingStreams = false;
            pause = Math.max(BETWEEN_STREAMS, PAUSE_FOR_READING * (now - streamsReadAt));
        }
        boolean due = !readingStreams && now - streamsReadAt > pause;
        if (due) {
            readStreams();
        }
        return due;
    }

    private void readStreams() {
        streamsReadAt = System.nanoTime();
        readingStreams = true;
        changes.suspect(streams.names());
    }

    // --- draining ---

    /**
     * Change notifications up to a barrier, then the keys that wait by then, then the streams: each until none of them
     * waits and nothing is out. Keys that change after the barrier wait for the end of this; else it would have none
     * under steady writes.
     */
    private void drain(PageSource source) throws InterruptedException {
        long wanted = changes.drains().wanted();
        if (wanted == 0) {
            return;
        }
        if (draining == 0) {
            draining = wanted;
            streamsDrained = false;
            if (listeners == null) {
                changes.gaps().suspectAll();
            } else {
                barrier = listeners.barrier();
            }
        }
        if (!changes.drains().isHoldingBack() && !holdsBackAtBarrier(source)) {
            return;
        }
        if (!source.isAtEnd()
                || !run.pages().isSettled()
                || run.targets().wantsFunctions()
                || !changes.drains().isHoldingBack()) {
            return;
        }
        if (!streamsDrained) {
            streamsDrained = true;
            readStreams();
            readFunctions(source);
        } else if (hearTargets()) {
            changes.redeem(
                    draining,
                    // where no target was written to, all that is there is its own
                    !changes.deletes().isEnded()
                            && !run.targets().participants().isEmpty()
                            && run.targets().participants().stream()
                                    .noneMatch(target -> target.ownDatabases().isEmpty()));
            draining = 0;
        }
    }

    /** Whether all that others have written at the targets by now is known, where anybody wants to know. */
    private boolean hearTargets() throws InterruptedException {
        return !changes.verification().isBegun() || hearAll();
    }

    private boolean hearAll() throws InterruptedException {
        boolean all = true;
        for (Participant target : run.targets().participants()) {
            all &= target.hears(run);
        }
        return all;
    }

    /** Begins to hold later changes back once all of those up to the barrier are known; false before. */
    private boolean holdsBackAtBarrier(PageSource source) throws InterruptedException {
        boolean past = listeners == null || listeners.isPast(barrier);
        if (!past || sweeps.isUnderWay() || changes.gaps().wantsScanOrSweep() || !source.isScanEnded()) {
            return false;
        }
        if (listeners != null && !watch.look()) {
            // databases may have been swapped, which no notification reports
            return false;
        }
        if (changes.gaps().wantsScanOrSweep()) {
            return false;
        }
        streamsDrained = false;
        changes.drains().holdBack();
        // keys that moved to a server before the barrier may have changed there unreported
        source.expectMoves();
        return true;
    }
}
