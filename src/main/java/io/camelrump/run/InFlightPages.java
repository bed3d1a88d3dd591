package io.camelrump.run;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one scan that are out, and the keys of failed ones that wait to be read again. Guarded by the run.
 *
 * <p>Answers that come late from an earlier {@link ScanEpoch} mean nothing.
 */
final class InFlightPages {
    private static final long FIRST_HOLD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LAST_DOUBLING = 5;
    private final TreeMap<Long, Receipt> out = new TreeMap<>();
    private final Deque<RetryKeys> rereads = new ArrayDeque<>();
    private final EndingPages ending = new EndingPages();
    /** Numbers of pages that were given up, as their keys are read again. */
    private final NumberRanges voided = new NumberRanges();

    private ScanEpoch epoch = ScanEpoch.FIRST;
    private int failures;
    private @Nullable String lastFailure;
    private long heldUntil = System.nanoTime();
    private long nextSequence;
    private long bytes;

    /** Gives up everything that is out: another scan begins. */
    void startAnew() {
        epoch = epoch.next();
        if (nextSequence > 0) {
            voided.add(0, nextSequence - 1);
        }
        out.clear();
        rereads.clear();
        ending.clear();
        bytes = 0;
        failures = 0;
        lastFailure = null;
        heldUntil = System.nanoTime();
    }

    ScanEpoch epoch() {
        return epoch;
    }

    long nextSequence() {
        return nextSequence++;
    }

    void add(Receipt receipt) {
        out.put(receipt.sequence(), receipt);
        bytes += receipt.bytes();
    }

    /** All its keys have their outcome. */
    void confirm(Receipt receipt) {
        remove(receipt);
        failures = 0;
        heldUntil = System.nanoTime();
        carried(receipt);
    }

    /** Counts a failure. From the second in a row the reader waits, twice as long each time, until one is confirmed. */
    void fail(Receipt receipt, String cause) {
        remove(receipt);
        voided.add(receipt.sequence());
        lastFailure = cause;
        long now = System.nanoTime();
        if (now - heldUntil >= 0 && failures++ > 0) {
            heldUntil = now + (FIRST_HOLD << Math.min(failures - 2, LAST_DOUBLING));
        }
    }

    /** Numbers of pages that nobody need wait for. */
    List<NumberRanges.Range> voided() {
        return voided.ranges();
    }

    /** How often in a row pages failed. */
    int failures() {
        return failures;
    }

    /** Why a page failed last; null if none did. */
    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    /** An exchange has begun to carry it, or has ended. */
    void carried(Receipt receipt) {
        if (!receipt.carriage().isUnderWay()) {
            ending.letGo(receipt);
        } else if (receipt.epoch().equals(epoch) && !contains(receipt)) {
            ending.add(receipt);
        }
    }

    /** Whether the exchange of a confirmed page goes on. */
    boolean areEnding() {
        return !ending.isEmpty();
    }

    private void remove(Receipt receipt) {
        out.remove(receipt.sequence());
        bytes -= receipt.bytes();
    }

    boolean contains(Receipt receipt) {
        return receipt.epoch().equals(epoch) && out.get(receipt.sequence()) == receipt;
    }

    /** The keys that are not settled. */
    List<InFlightKeys> keys() {
        List<InFlightKeys> keys = new ArrayList<>();
        out.values().forEach(page -> keys.add(page.keysOut()));
        rereads.forEach(again -> keys.add(again.keysOut()));
        return keys;
    }

    int size() {
        return out.size();
    }

    long bytes() {
        return bytes;
    }

    List<Receipt> receipts() {
        return List.copyOf(out.values());
    }

    /** Pages that the route let drop, as {@link CarryingExchanges#isAbandoned} says. */
    List<Receipt> abandoned(long timeout, boolean copiesKept) {
        List<Receipt> pages = new ArrayList<>();
        for (Receipt page : out.values()) {
            if (page.carriage().isAbandoned(timeout, copiesKept)) {
                pages.add(page);
            }
        }
        return pages;
    }

    /** The oldest page that is out; pages read before it are settled. */
    long oldest() {
        return out.isEmpty() ? nextSequence : out.firstKey();
    }

    /** Whether no page is out and none waits to be read again. */
    boolean isSettled() {
        return out.isEmpty() && rereads.isEmpty();
    }

    /**
     * Whether an answer is due. Keys that wait for their next reading, as a big one that changed, are none's to give.
     */
    boolean areAwaited() {
        return !out.isEmpty() || failures > 0 && !rereads.isEmpty();
    }

    /**
     * Whether one more page fits: the span from the oldest page out to the next one is bounded, and so are the bytes.
     */
    boolean hasRoom(int pages, long maxBytes) {
        long now = System.nanoTime();
        return now - heldUntil >= 0
                && bytes + ending.bytes(now) < maxBytes
                && (out.isEmpty()
                        || nextSequence - oldest() < pages
                                && (rereads.isEmpty()
                                        || rereads.stream().noneMatch(reread -> reread.alone() && reread.isDue())));
    }

    /** Whether a page of this size would leave no room for another one. */
    boolean fillsUp(int pages, long maxBytes, long pageBytes) {
        return nextSequence - oldest() + 1 >= pages || bytes + pageBytes >= maxBytes;
    }

    void add(RetryKeys reread) {
        if (reread.alone()) {
            rereads.addFirst(reread);
        } else {
            rereads.add(reread);
        }
    }

    /** Collects differing keys to be looked at again: few at a time would make many small pages. */
    void addAgain(KeyList keys, int database, Cursor cursor, Reading reading, boolean byParts) {
        RetryKeys last = rereads.peekLast();
        if (last != null && !reading.alone() && !byParts && last.takes(keys, database, cursor, reading.attempt())) {
            rereads.removeLast();
            rereads.add(last.with(keys));
        } else {
            rereads.add(RetryKeys.afterDifference(keys, database, cursor, reading, byParts));
        }
    }

    /** The next keys to be read again, if their time has come; large ones wait until nothing else is out. */
    @Nullable
    RetryKeys takeReread() {
        for (RetryKeys reread : rereads) {
            if (reread.isDue() && (!reread.alone() || out.isEmpty())) {
                rereads.remove(reread);
                return reread;
            }
        }
        return null;
    }

    /** Nanoseconds until keys must be read again, up to {@code most}. */
    long untilReread(long most) {
        long now = System.nanoTime();
        return rereads.stream()
                .filter(reread -> !reread.alone() || out.isEmpty())
                .mapToLong(reread -> reread.due() - now)
                .reduce(most, Math::min);
    }
}
