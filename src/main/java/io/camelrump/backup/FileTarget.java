package io.camelrump.backup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Outcome;
import io.camelrump.RunState;
import io.camelrump.TargetClosedException;
import io.camelrump.UsageException;
import io.camelrump.exchanges.Receipts;
import io.camelrump.files.OutputFile;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
    private final String name;
    private final FilePlan plan;
    private final OutputFile place;
    private final ReentrantLock lock = new ReentrantLock();

    /** The file that is being written; null before, and once it is complete. */
    @GuardedBy("lock")
    private @Nullable RunFile file;

    /** The run whose file is complete, until it has ended; null if there is none. */
    @GuardedBy("lock")
    private @Nullable Run completed;

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
            completed = null;
            failure = null;
            begin();
        } finally {
            lock.unlock();
        }
    }

    private RunFile begin() {
        String objection = FileInProgress.objection(place, plan.overwrite());
        if (objection != null) {
            throw new UsageException(objection);
        }
        try {
            RunFile begun = RunFile.open(plan, place);
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
                    end(end);
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
        RunFile to = fileFor(receipt == null ? null : receipt.run());
        Map<Integer, String> refused;
        try {
            if (receipt != null) {
                if (to.isVoid(receipt)) {
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
            answer(receipt, page, refused);
        }
        if (plan.failsOnRefusal() && !refused.isEmpty()) {
            throw new TargetClosedException(refused.values().iterator().next() + "; onRefused=fail ends the run there");
        }
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
    private RunFile fileFor(@Nullable Run of) throws TargetClosedException {
        if (of != null && of == completed) {
            throw new TargetClosedException(
                    "The scan has started again after " + plan.address() + " was complete: start the run again.");
        }
        RunFile open = file == null ? begun() : file;
        if (of == null || of == open.run()) {
            return open;
        }
        Run other = open.run();
        if (other != null) {
            throw new TargetClosedException(name + " takes keys of one run, and got some of " + other.migration()
                    + " and of " + of.migration() + ": give each a file of its own.");
        }
        require(of);
        open.belongTo(of);
        of.targets().join(this);
        return open;
    }

    private RunFile begun() throws TargetClosedException {
        try {
            return begin();
        } catch (UsageException e) {
            throw new TargetClosedException(String.valueOf(e.getMessage()));
        }
    }

    private void require(Run of) throws TargetClosedException {
        String objection = null;
        if (of.isLive()) {
            objection = "a live run goes from server to server: set live=false (leave --live out)";
        } else if (of.targets().resumed() != null) {
            objection = "a run that resumes has only the rest of the keys: start over with restartScan";
        } else if (of.targets().wantsFunctions()) {
            objection = "a file holds keys alone: set functions=false (leave --functions out)";
        }
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
            RunFile open = file;
            if (open == null || open.run() != of) {
                return true;
            }
            RunState state = of.report().stateIfItEndedNow();
            if (!state.isSettled()) {
                // the run says why it is not, and the file as well, when it is closed
                return true;
            }
            if (failure == null
                    && complete(open, new WireEnd(state, null, of.report().counts()))) {
                completed = of;
                return true;
            }
            of.fail(String.valueOf(failure));
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean complete(RunFile open, WireEnd end) {
        try {
            open.complete(end);
            file = null;
            return true;
        } catch (FileAlreadyExistsException e) {
            failure = plan.address() + " " + e.getReason();
        } catch (IOException e) {
            fails(OutputFile.reason(e));
        }
        return false;
    }

    /** A run has ended, and no page of it comes any more. */
    private void end(WireEnd end) throws TargetClosedException {
        completed = null;
        RunFile open = file;
        if (open == null) {
            return;
        }
        if (end.state() == null || !end.state().isSettled()) {
            file = null;
            open.leave();
        } else if (!complete(open, end)) {
            // there was no key, so that nobody has asked before
            throw new TargetClosedException(String.valueOf(failure));
        }
    }

    @Override
    public boolean isAskedLast() {
        return true;
    }

    @Override
    public long bytesSent() {
        return bytesWritten.get();
    }

    /** Closes the file. One whose run has not come to its end keeps the name that it has meanwhile. */
    public void close() {
        lock.lock();
        try {
            RunFile open = file;
            file = null;
            if (open != null) {
                open.leave();
            }
        } finally {
            lock.unlock();
        }
    }
}
