package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Outcome;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of a run that are in flight: its consumer enters them, receipts settle them or hand their keys back to be read
 * again.
 *
 * <p>All methods may be called from any thread, and return at once unless they say that they wait.
 */
public final class RunPages {
    private final Run run;
    private final RunLock lock;
    private final int targets;

    @GuardedBy("lock")
    private final InFlightPages pages = new InFlightPages();

    @GuardedBy("lock")
    private final OutcomeTally tally;

    @GuardedBy("lock")
    private long lastSignOfLife = System.nanoTime();

    RunPages(Run run, RunLock lock, OutcomeTally tally, int targets) {
        this.run = run;
        this.lock = lock;
        this.tally = tally;
        this.targets = targets;
    }

    // --- what the consumer says ---

    /**
     * Enters a page as read and in flight.
     *
     * @param epoch that it was read in
     * @return null if the scan has started again meanwhile: the page is read anew
     */
    public @Nullable Receipt open(PageData page, ScanEpoch epoch) {
        return lock.<@Nullable Receipt>locked(() -> {
            if (!epoch.equals(pages.epoch())) {
                return null;
            }
            if (!pages.areAwaited() && (pages.failures() == 0 || page.origin().attempt() == 0)) {
                lastSignOfLife = System.nanoTime();
            }
            Receipt receipt = new Receipt(run, epoch, pages.nextSequence(), page, targets);
            pages.add(receipt);
            tally.read(receipt.settlesKeys() ? page.size() : 0, page.payloadBytes());
            return receipt;
        });
    }

    public void leaveOut(Outcome outcome, int keys, ScanEpoch epoch) {
        if (keys > 0) {
            lock.change(() -> {
                if (epoch.equals(pages.epoch())) {
                    tally.read(keys, 0);
                    tally.count(outcome, keys);
                }
            });
        }
    }

    /** Puts off keys that the reader has not counted: large ones are read alone, and others by parts. */
    public void postpone(RetryKeys reread) {
        lock.change(() -> pages.add(reread));
    }

    /** The next keys to be read again; null if the time of none has come. */
    public @Nullable RetryKeys takeReread() {
        return lock.<@Nullable RetryKeys>locked(pages::takeReread);
    }

    /** Gives up all pages in flight: nobody will answer for them any more. */
    public void close() {
        lock.change(pages::startAnew);
    }

    // --- what the consumer asks ---

    /** Number of pages that were handed to the route and are not settled yet. */
    public int size() {
        return lock.locked(pages::size);
    }

    /** Bytes of keys and payloads in the pages that are in flight. */
    public long bytes() {
        return lock.locked(pages::bytes);
    }

    public boolean hasRoom(int mostPages, long mostBytes) {
        return lock.locked(() -> pages.hasRoom(mostPages, mostBytes));
    }

    public boolean fillsUp(int mostPages, long mostBytes, long pageBytes) {
        return lock.locked(() -> pages.fillsUp(mostPages, mostBytes, pageBytes));
    }

    /** Whether no page is in flight and no key waits to be read again. */
    public boolean isSettled() {
        return lock.locked(pages::isSettled);
    }

    /** Waits for an entry, for up to 100 ms or until keys must be read again; not at all if keys have changed. */
    public void awaitChangeOrReread() throws InterruptedException {
        lock.awaitChange(() -> run.changes().isEmpty() ? pages.untilReread(RunLock.MOST_WAIT) : 0);
    }

    /** Time for which no page has been answered while some are in flight, or fail again and again. */
    public long silentNanos() {
        return lock.locked(() -> pages.areAwaited() ? System.nanoTime() - lastSignOfLife : 0);
    }

    /** Whether the last answer is not older than this. */
    public boolean isAnsweredWithin(long nanos) {
        return lock.locked(() -> System.nanoTime() - lastSignOfLife < nanos);
    }

    /** Numbers of pages that were given up, as their keys are read again: nobody need wait for them. */
    public List<NumberRanges.Range> voided() {
        return lock.locked(pages::voided);
    }

    /** Why a page failed last; null if none did. */
    public @Nullable String lastDenial() {
        return lock.<@Nullable String>locked(pages::lastFailure);
    }

    /** Number of failures in a row, no page being confirmed between; pages that fail at one time count once. */
    public int failures() {
        return lock.locked(pages::failures);
    }

    public List<Receipt> receipts() {
        return lock.locked(pages::receipts);
    }

    /**
     * Pages that the route let drop, as {@link CarryingExchanges#isAbandoned} says.
     *
     * @param copiesKept whether copies may be where no exchange carries them
     */
    public List<Receipt> abandoned(long timeout, boolean copiesKept) {
        return lock.locked(() -> pages.abandoned(timeout, copiesKept));
    }

    /** Whether exchanges go on of which each page was answered for: another producer may come in them. */
    public boolean areExchangesEnding() {
        return lock.locked(pages::areEnding);
    }

    // --- what receipts say ---

    /** Runs {@code entry} if the page is still in flight in the present scan, and the run is not over. */
    void enter(Receipt receipt, Runnable entry) {
        lock.change(() -> {
            if (isOut(receipt)) {
                entry.run();
            }
        });
    }

    boolean isOut(Receipt receipt) {
        return lock.locked(() -> !run.state().isFinal() && pages.contains(receipt));
    }

    /** Notes that an exchange has begun to carry the page, or has ended. */
    void carried(Receipt receipt, Runnable entry) {
        lock.change(() -> {
            entry.run();
            pages.carried(receipt);
        });
    }

    void count(Outcome outcome, int keys) {
        lock.change(() -> {
            tally.count(outcome, keys);
            lastSignOfLife = System.nanoTime();
        });
    }

    /** Puts keys that differ back, to be read and compared once more after a while. */
    void again(KeyList keys, int database, Cursor cursor, Reading reading, boolean byParts) {
        lock.change(() -> {
            tally.unread(keys.size());
            pages.addAgain(keys, database, cursor, reading, byParts);
        });
    }

    /** Puts back keys that are not settled by their page, and have left it. */
    void readAgain(RetryKeys reread) {
        lock.change(() -> {
            tally.unread(reread.keys().size());
            pages.add(reread);
        });
    }

    void confirmed(Receipt receipt) {
        lock.change(() -> pages.confirm(receipt));
    }

    void denied(Receipt receipt, KeyList unanswered, String cause) {
        lock.change(() -> {
            pages.fail(receipt, cause);
            if (receipt.settlesKeys()) {
                readAgain(RetryKeys.afterFailure(
                        unanswered, receipt.database(), receipt.cursor(), receipt.reading(), receipt.isByParts()));
            }
        });
    }

    public void signOfLife() {
        lock.change(() -> lastSignOfLife = System.nanoTime());
    }

    // --- the scan that they are of ---

    ScanEpoch epoch() {
        return lock.locked(pages::epoch);
    }

    /** The oldest page that is in flight, or the next one: pages before it are settled. */
    public long oldest() {
        return lock.locked(pages::oldest);
    }

    public List<InFlightKeys> keys() {
        return lock.locked(pages::keys);
    }

    /** Gives up what is in flight: another scan begins. */
    void startAnew() {
        lock.change(() -> {
            pages.startAnew();
            lastSignOfLife = System.nanoTime();
        });
    }
}
