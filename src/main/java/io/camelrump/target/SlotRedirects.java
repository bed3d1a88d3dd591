package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows keys whose slots move: the one owner of what MOVED, ASK and TRYAGAIN mean for a batch.
 *
 * <p>The pipelined path, the usual one: batches are sent to all masters, and their replies are read while others are in
 * flight. No key of them may be sent again at once, as it would overtake those in flight. So {@link #settle} fails the
 * batch with a {@link TransientTargetException}, has the owners of the slots looked up before the next batch, and
 * leaves the batch to the redelivery of the route, or, in a route without one, to the reader, which reads its keys
 * again.
 *
 * <p>The synchronous path: {@link #write} has the connections to itself, for a redelivery and for whatever cannot be
 * pipelined. It sends a key that is answered by ASK to the node that was named, behind ASKING; looks up the owners
 * after MOVED and TRYAGAIN, with a pause between two looks; and gives up when the time for retries has passed.
 *
 * <p>Once an ASK was seen the next batch takes the synchronous path, until one has been written: only that path writes
 * at the node that a slot migrates to. Guarded by the producer's lock.
 */
public final class SlotRedirects {
    private final Targets targets;
    private final Duration retryFor;

    /** Whether keys wait for the node that their slot migrates to, at which {@link #write} alone writes. */
    private boolean waiting;

    /** Pause between two looks at where a slot has gone, at whose end no reply is due. */
    public interface Pause {
        void await(long nanos) throws InterruptedException;
    }

    public SlotRedirects(Targets targets, Duration retryFor) {
        this.targets = targets;
        this.retryFor = retryFor;
    }

    /** Whether the next batch must be written by {@link #write}. */
    public boolean areWaiting() {
        return waiting;
    }

    /**
     * Enters what a target answered to a batch that was sent, also if its replies end with a failure.
     *
     * @param report what was written is added here
     * @throws TransientTargetException if its keys must be sent again, because slots moved or for another cause
     */
    public void settle(Target target, SentPipeline batch, @Nullable Exception failure, WriteReport report)
            throws TransientTargetException, TargetClosedException {
        Redirection moved;
        try {
            moved = target.settle(batch, failure, report);
        } catch (TransientTargetException | RuntimeException e) {
            targets.suspect();
            throw e;
        }
        if (moved != null) {
            targets.suspect();
            waiting |= !moved.asked().isEmpty();
            throw new TransientTargetException(moved.message());
        }
    }

    /**
     * Writes pages and reads all replies, wherever the slots of their keys go meanwhile; no reply may be due.
     *
     * @param requireStarted called before each try; throws where the producer has stopped meanwhile
     * @param pause called before keys that moved are written again
     */
    public WriteReport write(List<PageData> pages, Runnable requireStarted, Pause pause)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        waiting = false;
        WriteReport report = new WriteReport();
        RetryWindow moving = new RetryWindow("Target", retryFor);
        List<PageData> left = pages;
        while (true) {
            requireStarted.run();
            List<Redirection> moved = writeOnce(left, report);
            left = moved.stream().flatMap(one -> one.left().stream()).toList();
            if (left.isEmpty()) {
                return report;
            }
            // slots that move are the daily work of a cluster: no warning
            moving.open();
            if (moving.isOver()) {
                throw new TargetClosedException(
                        moving.gaveUp(moved.get(moved.size() - 1).message()));
            }
            pause.await(moving.nextBackoff());
            targets.refresh();
        }
    }

    /** Writes each key where its slot is believed to be, or where that master sends it; returns what was not taken. */
    private List<Redirection> writeOnce(List<PageData> pages, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        List<Redirection> all = new ArrayList<>();
        try {
            List<Targets.Share> shares = targets.split(pages);
            targets.begin(pages);
            for (Targets.Share share : shares) {
                Redirection moved = share.target().write(share.pages(), false, report);
                if (moved != null) {
                    all.add(followAsk(share.target(), moved, report));
                }
            }
            return all;
        } catch (TransientTargetException e) {
            targets.suspect();
            throw e;
        }
    }

    /**
     * Writes keys where their master sends them while their slot moves; those that are not taken there either are left.
     */
    private Redirection followAsk(Target master, Redirection moved, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        List<PageData> left = new ArrayList<>(moved.left());
        for (Redirection.Asked asked : moved.asked()) {
            Target node = targets.asked(asked.node(), master);
            if (node.write(List.of(asked.page()), true, report) != null) {
                left.add(asked.page());
            }
        }
        return moved.leaving(left);
    }
}
