package io.camelrump.throttle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Divides what one connection asks of a server into turns within the server's {@link WorkBudget}, so that other clients
 * wait no longer than for a few of them.
 *
 * <p>A server works off what it finds of one client in its socket, up to 32 KB of it, before it looks at the next
 * client. So each turn leaves no sooner after the one before than the server needs for that, however the replies come
 * in; and as many are in flight as the distance needs, and a few more, so that the server is not idle when one comes
 * late. Not thread-safe.
 */
public final class TurnPacer {
    /** Turns at the server: one that it works on, and those that make up for late ones. */
    private static final int AT_SERVER = 4;
    /** Under load, when each turn waits for others at every hop, a round trip is this multiple of the shortest one. */
    private static final int ROUND_TRIPS = 2;
    /**
     * A turn may leave this part of one before its time: so the thread that has read a reply need not sleep and wake.
     */
    private static final int AHEAD = 2;
    /** Longest time without a request while the guard looks at the server: its own connection may hang. */
    private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(2);

    private static final long HOLD_STEP = TimeUnit.MILLISECONDS.toNanos(1);

    private final WorkBudget budget;
    private final CommandCosts costs;
    private final LongSupplier clock;
    private final TurnQueue inFlight = new TurnQueue();

    private long left = WorkBudget.UNBOUNDED;
    private long spent;
    private long lastAnswered;
    private long aloneSince;
    private long alone;
    private long keysBefore;
    private long bytesBefore;

    public TurnPacer(WorkBudget budget) {
        this(budget, System::nanoTime);
    }

    /** @param clock counts nanoseconds, from any moment on */
    TurnPacer(WorkBudget budget, LongSupplier clock) {
        this.budget = budget;
        this.costs = budget.costs();
        this.clock = clock;
        clear();
    }

    public boolean isBounded() {
        return budget.isBounded();
    }

    /**
     * Begins a turn, if it is time for one; waits a moment where nothing else can be done until then.
     *
     * @param hasReplies whether there are replies to read meanwhile
     * @return false if replies must be read first
     */
    public boolean begin(boolean hasReplies) {
        left = budget.nanos();
        spent = 0;
        if (left == WorkBudget.UNBOUNDED) {
            return true;
        }
        boolean isWaiting = !inFlight.isEmpty();
        if (isWaiting && (budget.isHeld() || inFlight.work() + left > mostInFlight(left))) {
            return false;
        }
        awaitRelease();
        long early = budget.freeAt() - clock.getAsLong() - left / AHEAD;
        if (early > 0 && isWaiting && hasReplies) {
            return false;
        }
        if (early > 0) {
            LockSupport.parkNanos(early);
        }
        return true;
    }

    /** Work that may be in flight, at turns of this length. */
    private long mostInFlight(long longestTurn) {
        return ROUND_TRIPS * budget.roundTrip() + AT_SERVER * longestTurn;
    }

    private void awaitRelease() {
        long end = clock.getAsLong() + LONGEST_HOLD;
        while (budget.isHeld() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(HOLD_STEP);
            if (clock.getAsLong() > end) {
                budget.hold(false);
            }
        }
    }

    /** Whether a key whose payload is expected to have this length fits this turn; the first one always does. */
    public boolean takesKey(long bytes) {
        return left == WorkBudget.UNBOUNDED || takes(costs.key(bytes));
    }

    /** Whether another query about a key fits this turn. */
    public boolean takesQuery() {
        return left == WorkBudget.UNBOUNDED || takes(costs.query());
    }

    private boolean takes(long cost) {
        if (cost > left && spent > 0) {
            return false;
        }
        left -= cost;
        spent += cost;
        return true;
    }

    /** How many keys a SCAN may look at: as many as a turn has time for, or as the distance needs. */
    public int scanCount() {
        return budget.isBounded()
                ? costs.scanCount(budget.nanos(), budget.roundTrip() + AT_SERVER * budget.nanos())
                : Integer.MAX_VALUE;
    }

    /** A SCAN was sent: it cannot be divided, so it has a turn of its own. */
    public void scanned(int count, long lastRequest) {
        spent = costs.scan(count);
        send(lastRequest, false);
    }

    /** The turn was sent; its last request has this number. */
    public void sent(long lastRequest) {
        send(lastRequest, true);
    }

    private void send(long lastRequest, boolean payloads) {
        if (!budget.isBounded() && inFlight.isEmpty()) {
            return;
        }
        long now = clock.getAsLong();
        budget.take(now, spent);
        inFlight.add(lastRequest, spent, now, payloads);
    }

    /**
     * Requests up to this number are answered.
     *
     * @param keys payloads that have come so far
     * @param bytes their bytes together
     */
    public void answered(long request, long keys, long bytes) {
        costs.read(keys, bytes);
        if (inFlight.isAnswered(request)) {
            ended(request, keys, bytes);
        }
    }

    /** Requests up to this number are answered, with no payloads. */
    public void answered(long request) {
        if (inFlight.isAnswered(request)) {
            ended(request, keysBefore, bytesBefore);
        }
    }

    private void ended(long request, long keys, long bytes) {
        long now = clock.getAsLong();
        long begun = Math.max(lastAnswered, inFlight.firstSentAt() + budget.roundTrip());
        boolean payloads = true;
        while (inFlight.isAnswered(request)) {
            payloads &= inFlight.remove();
        }
        if (payloads && now > begun) {
            costs.served(CommandCosts.units(keys - keysBefore, bytes - bytesBefore), now - begun);
        }
        if (keys - keysBefore == 1 && costs.key(bytes - bytesBefore) > budget.nanos()) {
            budget.metLongValue();
        }
        lastAnswered = now;
        keysBefore = keys;
        bytesBefore = bytes;
    }

    /**
     * Begins a turn of which every reply is read before anything else is requested, and which takes about as long as
     * the last one of this kind; waits until it is time for it.
     */
    public void beginAlone() {
        aloneSince = 0;
        if (!budget.isBounded()) {
            return;
        }
        awaitRelease();
        long early = budget.freeAt() - clock.getAsLong();
        if (early > 0) {
            LockSupport.parkNanos(early);
        }
        aloneSince = clock.getAsLong();
        budget.take(aloneSince, Math.min(alone, budget.nanos()));
    }

    /** Ends it: every reply has come. */
    public void endAlone() {
        if (aloneSince != 0) {
            alone = Math.max(0, clock.getAsLong() - aloneSince - budget.roundTrip());
        }
    }

    /** How long the server may work for a turn, in nanoseconds; {@link Long#MAX_VALUE} where that is not bounded. */
    public long longest() {
        return budget.nanos();
    }

    /** How many elements of values a turn has time for. */
    public int elements() {
        return budget.isBounded() ? costs.scanCount(budget.nanos(), 0) : Integer.MAX_VALUE;
    }

    /** Work of the server for this number of elements, in nanoseconds. */
    public long costOfElements(long number) {
        return costs.elements(number);
    }

    /** How many bytes of payloads a turn has time for. */
    public long payloadBytes() {
        return budget.isBounded() ? costs.payloadBytes(budget.nanos()) : Long.MAX_VALUE;
    }

    /** The connection is another one: nothing is due on it. */
    public void clear() {
        inFlight.clear();
        lastAnswered = clock.getAsLong();
        budget.startAt(lastAnswered);
    }
}
