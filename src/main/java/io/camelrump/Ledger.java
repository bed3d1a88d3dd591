package io.camelrump;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books of one run: counts the outcome of each key, and knows which pages are still out.
 *
 * <p>A consumer binds its ledger in the Camel registry under {@code rump-ledger-<migration>}, so that a host can watch
 * the run, or ask it to stop. All methods may be called from any thread and return at once.
 */
public final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int REFUSALS_SHOWN = 10;

    /** Where a run stands. */
    public enum State {
        /** The source is being read, or pages are still out. */
        RUNNING,
        /** Asked to stop: nothing more is read, what was read still arrives. */
        STOPPING,
        /** Every key read has its outcome, and both servers are still the ones it was read from and written to. */
        COMPLETE,
        /** Stopped before the end, or pages went missing in the route. */
        INCOMPLETE,
        /** Ended by an error that no retry can mend; see {@link Ledger#failure()}. */
        FAILED;

        /** Whether the run is over: nothing more will be read or counted. */
        public boolean isFinal() {
            return switch (this) {
                case COMPLETE, INCOMPLETE, FAILED -> true;
                case RUNNING, STOPPING -> false;
            };
        }
    }

    private final String migration;
    private final int targets;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long[] outcomes = new long[Outcome.values().length];
    private final TreeMap<Long, Receipt> out = new TreeMap<>();
    private final Deque<Reread> rereads = new ArrayDeque<>();
    private final Set<RumpProducer> producers = new LinkedHashSet<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private Consumer<Refusal> refusalListener = refusal -> {};
    private @Nullable Meters meters;

    private State state = State.RUNNING;
    private @Nullable String failure;
    private @Nullable SourceIdentity source;
    private int start;
    private long sequence;
    private long read;
    private long bytes;
    private long reread;
    private int restarts;
    private long bytesOut;
    private double progress;
    private long sourceKeys = -1;
    private long lastSignOfLife = System.nanoTime();
    private @Nullable String lastDenial;

    Ledger(String migration, int targets) {
        this.migration = migration;
        this.targets = targets;
    }

    // --- what a host may ask ---

    /** Name of the run, as given by the endpoint option {@code migration}. */
    public String migration() {
        return migration;
    }

    public State state() {
        return locked(() -> state);
    }

    /** Why the run failed or stayed incomplete, in one sentence; null while neither is so. */
    public @Nullable String failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        return locked(() -> new Counts(
                read,
                count(Outcome.RESTORED),
                count(Outcome.KEPT),
                count(Outcome.VANISHED),
                count(Outcome.FILTERED),
                count(Outcome.DELETED),
                count(Outcome.REFUSED),
                bytes,
                reread,
                restarts));
    }

    /** Pages that were handed to the route and are not settled yet. */
    public int pagesOut() {
        return locked(out::size);
    }

    /** Bytes of keys and payloads in the pages that are out. */
    public long bytesOut() {
        return locked(() -> bytesOut);
    }

    /** Share of the source's keyspace that was scanned, from 0 to 1, as the cursor tells it. */
    public double progress() {
        return locked(() -> progress);
    }

    /** DBSIZE of the source when the scan started, -1 while unknown. */
    public long sourceKeys() {
        return locked(() -> sourceKeys);
    }

    /** The first refused keys, ten at the most. */
    public List<Refusal> refusals() {
        return locked(() -> List.copyOf(refusals));
    }

    /** Hands every refusal from now on to {@code listener}; it is called under the ledger's lock, so it must be quick. */
    public void onRefusal(Consumer<Refusal> listener) {
        lock.lock();
        try {
            refusalListener = Objects.requireNonNull(listener, "listener is null");
        } finally {
            lock.unlock();
        }
    }

    /** Asks the reader to stop; what was read still arrives, and the run ends {@link State#INCOMPLETE}. */
    public void stopReading() {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                state = State.STOPPING;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Ledger[" + migration + ", " + state() + ", " + counts() + "]";
    }

    // --- what the consumer says ---

    void source(SourceIdentity identity, long keys) {
        lock.lock();
        try {
            source = identity;
            if (sourceKeys < 0) {
                sourceKeys = keys;
            }
        } finally {
            lock.unlock();
        }
    }

    void meters(@Nullable Meters meters) {
        this.meters = meters;
    }

    /** Starts the books anew, for a new scan from the start of the keyspace. */
    void reset() {
        lock.lock();
        try {
            voidStart();
            state = State.RUNNING;
            failure = null;
            restarts = 0;
            sourceKeys = -1;
            refusals.clear();
        } finally {
            lock.unlock();
        }
    }

    /** All that was confirmed is void, because a server is another one than before: the scan starts at 0. */
    void restart(String reason) {
        lock.lock();
        try {
            if (state.isFinal()) {
                return;
            }
            LOG.warn("{}: the scan starts again at the beginning", reason);
            voidStart();
            restarts++;
            refusals.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void voidStart() {
        start++;
        out.clear();
        rereads.clear();
        bytesOut = 0;
        read = 0;
        bytes = 0;
        reread = 0;
        progress = 0;
        Arrays.fill(outcomes, 0);
        lastSignOfLife = System.nanoTime();
    }

    /** The number of the present scan; it grows with each {@link #restart}. */
    int start() {
        return locked(() -> start);
    }

    /** Enters a page as read and out. */
    Receipt open(KeyList keys, long payloadBytes, int attempt) {
        lock.lock();
        try {
            Receipt receipt = new Receipt(this, start, sequence++, keys, payloadBytes, attempt, targets);
            if (out.isEmpty()) {
                lastSignOfLife = System.nanoTime();
            }
            out.put(receipt.sequence(), receipt);
            bytesOut += receipt.bytes();
            read += keys.size();
            bytes += payloadBytes;
            return receipt;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a key that can not travel at all. */
    void refuse(Refusal refusal) {
        lock.lock();
        try {
            read++;
            count(Outcome.REFUSED, 1);
            note(refusal);
        } finally {
            lock.unlock();
        }
    }

    /** Keys whose payload is too large to be read while others are on their way: they are read alone. */
    void postpone(KeyList keys) {
        lock.lock();
        try {
            rereads.addFirst(Reread.alone(keys));
        } finally {
            lock.unlock();
        }
    }

    void progress(double share) {
        lock.lock();
        try {
            progress = share;
        } finally {
            lock.unlock();
        }
    }

    /** Whether one more page fits: the span from the oldest page out to the next one is bounded, and so are the bytes. */
    boolean hasRoom(int pages, long maxBytes) {
        return locked(() -> out.isEmpty()
                || sequence - out.firstKey() < pages && bytesOut < maxBytes && rereads.stream().noneMatch(Reread::alone));
    }

    /** Whether a page of so many bytes would leave no room for another one. */
    boolean fillsUp(int pages, long maxBytes, long pageBytes) {
        return locked(() -> {
            long span = out.isEmpty() ? 0 : sequence - out.firstKey();
            return span + 1 >= pages || bytesOut + pageBytes >= maxBytes;
        });
    }

    /** The next page that has to be read again and whose time has come; null if there is none. */
    @Nullable Reread takeReread() {
        lock.lock();
        try {
            Reread next = rereads.peek();
            boolean ready = next != null
                    && next.due() - System.nanoTime() <= 0
                    && (!next.alone() || out.isEmpty());
            return ready ? rereads.poll() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether no page is out and none waits to be read again. */
    boolean isSettled() {
        return locked(() -> out.isEmpty() && rereads.isEmpty());
    }

    /** Waits for so long, unless the run is asked to stop. */
    void pause(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && state == State.RUNNING) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something in these books changes, a short while at the most. */
    void awaitChange() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(100);
            Reread next = rereads.peek();
            if (next != null) {
                nanos = Math.min(nanos, next.due() - System.nanoTime());
            }
            if (nanos > 0) {
                changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How long no page has been answered while some are out. */
    long silentNanos() {
        return locked(() -> out.isEmpty() && rereads.isEmpty() ? 0 : System.nanoTime() - lastSignOfLife);
    }

    /** Why a page failed last; null if none did. */
    @Nullable String lastDenial() {
        lock.lock();
        try {
            return lastDenial;
        } finally {
            lock.unlock();
        }
    }

    List<RumpProducer> producers() {
        return locked(() -> List.copyOf(producers));
    }

    /** Ends the run; the first end stands. */
    void finish(State end, @Nullable String reason) {
        lock.lock();
        try {
            if (!state.isFinal()) {
                state = end;
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives up all pages that are out: nobody will answer for them any more. */
    void close() {
        lock.lock();
        try {
            start++;
            out.clear();
            rereads.clear();
            bytesOut = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Collection<Receipt> pages() {
        return locked(() -> List.copyOf(out.values()));
    }

    // --- what producers and receipts say ---

    /** The producer takes part in this run: at the end it is asked whether its target is still the same. */
    void join(RumpProducer producer) {
        lock.lock();
        try {
            producers.add(producer);
        } finally {
            lock.unlock();
        }
    }

    @Nullable SourceIdentity source() {
        lock.lock();
        try {
            return source;
        } finally {
            lock.unlock();
        }
    }

    /** The producer is still trying: the silence is not a page gone missing. */
    void signOfLife() {
        lock.lock();
        try {
            lastSignOfLife = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    void fail(String reason) {
        finish(State.FAILED, reason);
    }

    /** Runs {@code entry} if the receipt belongs to the present scan and its page is still out. */
    void enter(Receipt receipt, Runnable entry) {
        lock.lock();
        try {
            if (isOut(receipt)) {
                entry.run();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isOut(Receipt receipt) {
        return locked(() -> receipt.start() == start && out.get(receipt.sequence()) == receipt);
    }

    /** The oldest page that is out; pages read before it are settled. */
    long oldestOut() {
        return locked(() -> out.isEmpty() ? sequence : out.firstKey());
    }

    // the methods below are called by a receipt within enter()

    void count(Outcome outcome, int keys) {
        outcomes[outcome.ordinal()] += keys;
        lastSignOfLife = System.nanoTime();
        if (meters != null) {
            meters.count(outcome, keys);
        }
    }

    void confirmed(Receipt receipt) {
        out.remove(receipt.sequence());
        bytesOut -= receipt.bytes();
    }

    void denied(Receipt receipt, KeyList unanswered, String cause) {
        confirmed(receipt);
        lastDenial = cause;
        read -= unanswered.size();
        reread += unanswered.size();
        rereads.add(Reread.afterFailure(unanswered, receipt.attempt()));
    }

    /** Remembers a refusal; the key itself is counted when all targets have answered for it. */
    void note(Refusal refusal) {
        if (refusals.size() < REFUSALS_SHOWN) {
            refusals.add(refusal);
        }
        refusalListener.accept(refusal);
    }

    private long count(Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }

    private <T> T locked(Supplier<T> supplier) {
        lock.lock();
        try {
            return supplier.get();
        } finally {
            lock.unlock();
        }
    }
}
