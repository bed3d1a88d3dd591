package io.camelrump.backup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Counts;
import io.camelrump.Outcome;
import io.camelrump.RunState;
import io.camelrump.TargetClosedException;
import io.camelrump.UsageException;
import io.camelrump.exchanges.Receipts;
import io.camelrump.files.OutputFile;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file as the target of a run: takes pages, and answers for their keys as a server does.
 *
 * <p>A key counts as handed on when its page was given to the file's stream. That all of it is on disk is known at the
 * end alone: the file is completed, synced and renamed when the run asks whether it may end, so that a run whose file
 * is not whole is not complete either.
 *
 * <p>All methods may be called from any thread.
 */
public final class FileTarget implements Participant {
    private static final Logger LOG = LoggerFactory.getLogger(FileTarget.class);

    private final String name;
    private final FilePlan plan;
    private final OutputFile place;
    private final ReentrantLock lock = new ReentrantLock();

    /** The file that is being written; null before, and once it is complete. */
    @GuardedBy("lock")
    private @Nullable KeyFile file;
    /** The run whose pages are written, or were last; null while there was none. */
    @GuardedBy("lock")
    private @Nullable Run run;

    /** Whether the file holds all of that run. */
    @GuardedBy("lock")
    private boolean complete;

    /** Number of the scan whose pages are written; -1 before the first one. */
    @GuardedBy("lock")
    private int epoch;

    @GuardedBy("lock")
    private @Nullable PageStamp lastPage;

    @GuardedBy("lock")
    private @Nullable String failure;

    private final AtomicLong bytesWritten = new AtomicLong();

    /** @param name of the producer, in answers and messages */
    public FileTarget(String name, FilePlan plan) {
        this.name = name;
        this.plan = plan;
        this.place = OutputFile.of(plan.address().toPath());
    }

    /**
     * Begins the file, so that what speaks against it is known before the first key.
     *
     * @throws UsageException if it cannot be written
     */
    public void open() {
        lock.lock();
        try {
            run = null;
            complete = false;
            failure = null;
            begin();
        } finally {
            lock.unlock();
        }
    }

    private KeyFile begin() {
        String objection = FileInProgress.objection(place, plan.overwrite());
        if (objection != null) {
            throw new UsageException(objection);
        }
        try {
            lastPage = null;
            epoch = -1;
            KeyFile begun = KeyFile.open(plan, place);
            file = begun;
            return begun;
        } catch (IOException e) {
            throw new UsageException(plan.address() + " cannot be written: " + OutputFile.reason(e), e);
        }
    }

    /**
     * Writes pages, and answers for their keys.
     *
     * @throws TargetClosedException if the file cannot be written, or cannot hold what the run reads; the runs of these
     *     pages have failed then
     * @param end how the run has ended, where the pages report its end
     */
    public void write(List<PageData> taken, WireEnd end) throws TargetClosedException {
        lock.lock();
        try {
            for (PageData page : taken) {
                if (page.origin().last()) {
                    end(page, end);
                } else {
                    write(page);
                }
            }
        } catch (TargetClosedException e) {
            Receipts.fail(taken, e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void write(PageData page) throws TargetClosedException {
        Receipt receipt = page.receipt();
        if (failure != null || receipt != null && receipt.run().state().isFinal()) {
            throw new TargetClosedException(failure == null ? "the run has ended" : failure);
        }
        KeyFile to = fileFor(receipt == null ? null : receipt.run());
        Map<Integer, String> refused;
        try {
            if (receipt != null) {
                if (isVoid(receipt, to)) {
                    return;
                }
                receipt.claim(name, page.placesTaken());
            }
            refused = to.write(page);
        } catch (IOException e) {
            throw new TargetClosedException(fails(OutputFile.reason(e)));
        } catch (IllegalStateException e) {
            // a page that is too large for the form
            throw new TargetClosedException(fails(String.valueOf(e.getMessage())));
        }
        bytesWritten.addAndGet(page.bytes());
        if (receipt != null) {
            lastPage = PageStamp.of(page);
            answer(receipt, page, refused);
        }
        if (plan.failsOnRefusal() && !refused.isEmpty()) {
            throw new TargetClosedException(refused.values().iterator().next() + "; onRefused=fail ends the run there");
        }
    }

    /**
     * A scan that restarts reads all keys again: those before it may be gone by now, so a file begins anew where it
     * can.
     *
     * @return whether the page is of an earlier scan
     */
    private boolean isVoid(Receipt receipt, KeyFile to) throws IOException {
        int of = receipt.epoch().number();
        if (of > epoch && epoch >= 0) {
            to.beginAnew();
        }
        epoch = Math.max(epoch, of);
        return of < epoch;
    }

    private void answer(Receipt receipt, PageData page, Map<Integer, String> refused) {
        if (refused.isEmpty()) {
            receipt.settlement().acknowledge(name, page.placesTaken());
            return;
        }
        Outcome[] outcomes = new Outcome[page.size()];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] =
                    refused.containsKey(i) ? Outcome.REFUSED : page.isGone(i) ? Outcome.VANISHED : Outcome.HANDED_ON;
        }
        receipt.settlement().answer(name, page, outcomes, refused);
    }

    /** The file for pages of this run; null for pages that no run has read. */
    private KeyFile fileFor(@Nullable Run of) throws TargetClosedException {
        KeyFile open = file;
        if (of == null || of == run && open != null) {
            return open == null ? begun() : open;
        }
        if (of == run && complete) {
            throw new TargetClosedException(
                    "The scan has started again after " + plan.address() + " was complete: start the run again.");
        }
        if (open != null && run != null) {
            throw new TargetClosedException(name + " takes keys of one run, and got some of " + run.migration()
                    + " and of " + of.migration() + ": give each a file of its own.");
        }
        require(of);
        run = of;
        complete = false;
        of.targets().join(this);
        return open == null ? begun() : open;
    }

    private KeyFile begun() throws TargetClosedException {
        try {
            return begin();
        } catch (UsageException e) {
            throw new TargetClosedException(String.valueOf(e.getMessage()));
        }
    }

    private void require(Run of) throws TargetClosedException {
        String objection = of.isLive()
                ? "a live run goes from server to server: set live=false (leave --live out)"
                : of.targets().resumed() != null
                        ? "a run that resumes has only the rest of the keys: start over with restartScan"
                        : of.targets().wantsFunctions()
                                ? "a file holds keys alone: set functions=false (leave --functions out)"
                                : null;
        if (objection != null) {
            throw new TargetClosedException(plan.address() + " cannot be written: " + objection);
        }
    }

    private String fails(String reason) {
        String inProgress = file == null ? "" : file.inProgress();
        String cause = plan.address() + " cannot be written: " + reason;
        failure = inProgress.isEmpty()
                ? cause
                : cause + ". " + inProgress + " holds what was written before: make room or mend the cause, remove it,"
                        + " and start again";
        return failure;
    }

    /** Completes the file, if all that the run has read is in it. */
    @Override
    public boolean confirm(Run of) {
        lock.lock();
        try {
            if (of != run || complete) {
                return true;
            }
            RunState state = of.report().stateIfItEndedNow();
            if (!state.isSettled()) {
                // the run says why it is not, and the file as well, when it is closed
                return true;
            }
            return complete(of, new WireEnd(state, null, of.report().counts()));
        } finally {
            lock.unlock();
        }
    }

    private boolean complete(Run of, WireEnd end) {
        KeyFile whole = file;
        if (failure != null || whole == null) {
            of.fail(failure == null ? plan.address() + " was closed before its end" : failure);
            return false;
        }
        try {
            whole.complete(endPage(), end);
        } catch (IOException e) {
            of.fail(fails(OutputFile.reason(e)));
            return false;
        }
        file = null;
        complete = true;
        String remark = whole.remark();
        if (remark != null) {
            of.report().remark(plan.address() + ": " + remark);
        }
        return true;
    }

    private @Nullable PageData endPage() {
        PageStamp last = lastPage;
        return last == null
                ? null
                : PageData.end(0, new PageStamp(last.run(), last.epoch(), last.sequence() + 1, false));
    }

    /** The run has ended, and no page of it comes any more. */
    private void end(PageData last, WireEnd end) throws TargetClosedException {
        KeyFile open = file;
        if (open == null) {
            run = null;
            return;
        }
        file = null;
        if (end.state() == null || !end.state().isSettled()) {
            leave(open);
        } else {
            // there was no key, so nobody has asked for it
            try {
                open.complete(last, end);
            } catch (IOException e) {
                throw new TargetClosedException(fails(OutputFile.reason(e)));
            }
        }
        run = null;
    }

    @Override
    public boolean isAskedLast() {
        return true;
    }

    @Override
    public long bytesSent() {
        return bytesWritten.get();
    }

    /** Closes the file; one that is not complete keeps the name that it has meanwhile. */
    public void close() {
        lock.lock();
        try {
            KeyFile open = file;
            file = null;
            if (open != null) {
                leave(open);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(KeyFile open) {
        Run of = run;
        RunState state = of == null || !of.state().isFinal() ? RunState.INCOMPLETE : of.state();
        Counts counts = of == null ? Counts.NONE : of.report().counts();
        try {
            Path left = open.leave(endPage(), new WireEnd(state, of == null ? null : of.failure(), counts));
            if (left != null) {
                LOG.warn("{} holds what was read until the run ended, and says that it is not complete", left);
            }
        } catch (IOException e) {
            LOG.warn("{} is cut off: {}", open.inProgress(), OutputFile.reason(e));
        }
    }
}
