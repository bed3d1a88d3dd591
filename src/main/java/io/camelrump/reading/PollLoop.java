package io.camelrump.reading;

import io.camelrump.RunState;
import io.camelrump.cutover.Steering;
import io.camelrump.exchanges.ExchangeTracker;
import io.camelrump.exchanges.StallDetector;
import io.camelrump.live.ChangeFollower;
import io.camelrump.options.QueueOptions;
import io.camelrump.redis.KeyList;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.DrainTickets;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.Participant;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Receipt;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.source.PageSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Loop of a consumer around its reader: it waits for room, follows the changes of a live run, and takes the next page,
 * until each of them is answered for and the run is complete.
 *
 * <p>Used by one poll at a time.
 */
public final class PollLoop {
    /** Between two looks of a run that is held: writers may stand still for what it waits for. */
    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReadingSession session;
    private final Run run;
    private final Steering steering;
    private final QueueOptions queue;
    private final long queueBytes;
    private final PageSource source;
    private final @Nullable ChangeFollower follower;
    private final StallDetector stalls;
    private final PageSender sender;
    private final ExchangeTracker carriers;

    /** The scan that sent a page without keys, and the functions that went with it. */
    private ScanEpoch scanWithoutKeys = ScanEpoch.NONE;

    private @Nullable Functions functionsSent;

    PollLoop(
            ReadingSession session,
            Run run,
            Steering steering,
            QueueOptions queue,
            PageSource source,
            @Nullable ChangeFollower follower,
            StallDetector stalls,
            PageSender sender,
            ExchangeTracker carriers) {
        this.session = session;
        this.run = run;
        this.steering = steering;
        this.queue = queue;
        this.queueBytes = queue.bytes();
        this.source = source;
        this.follower = follower;
        this.stalls = stalls;
        this.sender = sender;
        this.carriers = carriers;
    }

    /** Reads the next page and sends it; returns the number of pages, 0 or 1. */
    public int poll() throws Exception {
        PageData page = nextPage();
        if (page == null) {
            return 0;
        }
        send(page);
        return 1;
    }

    /** Waits for room, and reads the next page; null if there is none. */
    private @Nullable PageData nextPage() throws Exception {
        while (session.mayPoll() && run.state() == RunState.RUNNING) {
            stalls.look();
            if (run.state().isFinal()) {
                return null;
            }
            session.keepUp(source);
            if (follower != null && run.sources().equalStart().isHeld()) {
                PageData first = whileHeld(follower);
                if (first != null) {
                    return first;
                }
                continue;
            }
            if (rests()) {
                continue;
            }
            source.settle();
            if (follower != null) {
                follower.turn(source);
            }
            readAgain();
            PageData page = source.next();
            run.report().progress(source.progress());
            run.sources().scanned(source.nodes());
            if (page != null) {
                return page;
            }
            ScanEpoch epoch = run.epoch();
            if (!source.isAtEnd()) {
                continue;
            }
            if (isPageWithoutKeysDue(epoch)) {
                return pageWithoutKeys();
            }
            awaitEnd(epoch);
        }
        return null;
    }

    /** Nothing is waiting to be read: ends the run if it is to end, or awaits a change. */
    private void awaitEnd(ScanEpoch epoch) throws Exception {
        if (!run.pages().isSettled() || !isToEnd()) {
            run.pages().awaitChangeOrReread();
        } else if (source.isStillTheServer()) {
            complete(epoch);
        }
    }

    /** Listens to both sides; a page without keys has the target looked at. */
    private @Nullable PageData whileHeld(ChangeFollower listening) throws InterruptedException {
        if (isPageWithoutKeysDue(run.epoch())) {
            return pageWithoutKeys();
        }
        listening.listen();
        run.pause(HELD_NANOS);
        return null;
    }

    /** Whether nothing is read now: it has waited then, or ended the run. */
    private boolean rests() throws Exception {
        DrainTickets drains = run.changes().drains();
        if (drains.isConfirmedAtEnd()) {
            sender.endBy(() -> isComplete(run.epoch()));
            return true;
        }
        boolean rests =
                steering.isPaused() || drains.standsStill() || !run.pages().hasRoom(queue.getQueuePages(), queueBytes);
        if (rests) {
            if (follower != null) {
                follower.watchTargets();
            }
            source.drain();
            run.awaitChange();
        }
        return rests;
    }

    /** Functions go with the next page, which a target is also looked at for, where there was none. */
    private boolean isPageWithoutKeysDue(ScanEpoch epoch) {
        boolean unsent = !epoch.equals(scanWithoutKeys) || run.targets().functions() != functionsSent;
        return run.pages().isSettled()
                && (run.targets().wantsFunctions() || run.targets().isAnyWanted())
                && unsent;
    }

    private PageData pageWithoutKeys() {
        scanWithoutKeys = run.epoch();
        functionsSent = run.targets().functions();
        return new PageData(KeyList.of(), PayloadList.EMPTY, new long[0], new PageOrigin(0, source.database(), 0));
    }

    /** Keys that could not be handed over stay in the books, of which a checkpoint is written. */
    private void readAgain() throws InterruptedException {
        RetryKeys reread = run.pages().takeReread();
        if (reread == null) {
            return;
        }
        boolean taken = false;
        try {
            source.enqueue(reread);
            taken = true;
        } finally {
            if (!taken) {
                run.pages().postpone(reread);
            }
        }
    }

    private boolean isToEnd() {
        ChangeLog changes = run.changes();
        return !changes.isFollowed() || changes.drains().isOver();
    }

    /** From the reader's hands into the books: between the two no server is asked, as that may fail. */
    private void send(PageData page) throws Exception {
        ScanEpoch epoch = source.epoch();
        if (follower != null) {
            follower.read(page);
        }
        boolean closing = run.pages().fillsUp(queue.getQueuePages(), queueBytes, page.bytes())
                || page.origin().attempt() > 0
                || page.size() == 0
                || source.isDry();
        Receipt receipt = run.pages().open(page, epoch);
        if (receipt == null) {
            return;
        }
        sender.send(page.out(receipt, closing), receipt);
    }

    /**
     * Every page is answered for: if both servers are still who they were, the run is complete, and the route hears of
     * it.
     */
    private void complete(ScanEpoch epoch) throws Exception {
        if (carriers.areAwaited()) {
            run.awaitChange();
            return;
        }
        for (Participant participant : run.targets().participants()) {
            if (!participant.confirm(run)) {
                run.awaitChange();
                return;
            }
        }
        if (run.isLive() && !run.changes().drains().mayEnd()) {
            run.awaitChange();
            return;
        }
        sender.endBy(() -> isComplete(epoch));
    }

    private boolean isComplete(ScanEpoch epoch) {
        if (!run.complete(epoch)) {
            return false;
        }
        CheckpointWriter checkpoints = session.checkpoints();
        if (checkpoints != null) {
            checkpoints.delete();
        }
        return true;
    }
}
