package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.TargetClosedException;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.util.BitSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Travels with a page, and reports to its reader once whether all its keys reached every expected target.
 *
 * <p>The end of an exchange proves nothing, so a receipt is confirmed by answers alone: the outcome of each key, set by
 * the producer that read the target's reply to that key. All methods may be called by any thread; what they change is
 * guarded by the lock of the run.
 */
public final class Receipt {
    /** Begins the name under which an Acknowledge answers for the transport behind it. */
    public static final String TRANSPORT = "Acknowledge ";

    private final Run run;
    private final ScanEpoch epoch;
    private final long sequence;
    private final KeyList keys;
    private final int database;
    private final Cursor cursor;
    private final long payloadBytes;
    private final Reading reading;
    private final PageForm form;
    private final boolean deletes;
    private final int targets;
    private final Settlement settlement;

    private final CarryingExchanges carriage = new CarryingExchanges();

    @GuardedBy("run.lock")
    private final Claims claims;

    Receipt(Run run, ScanEpoch epoch, long sequence, PageData page, int targets) {
        this.run = run;
        this.epoch = epoch;
        this.sequence = sequence;
        this.keys = page.keys();
        this.database = page.database();
        this.cursor = page.origin().cursor();
        this.payloadBytes = page.payloadBytes();
        this.reading = page.origin().reading();
        this.form = page.form();
        this.deletes = page.origin().carriesDeletes();
        this.targets = targets;
        this.claims = new Claims(targets);
        this.settlement = new Settlement(run, this, page, targets);
    }

    public Run run() {
        return run;
    }

    /** Outcomes of its keys. */
    public Settlement settlement() {
        return settlement;
    }

    public ScanEpoch epoch() {
        return epoch;
    }

    /** Pages are numbered in the order in which they were read. */
    public long sequence() {
        return sequence;
    }

    /** The database of the source that its keys were read from. */
    public int database() {
        return database;
    }

    /** The cursor of the SCAN that gave its keys. */
    Cursor cursor() {
        return cursor;
    }

    /** All its keys, also those that have their outcome. */
    InFlightKeys keysOut() {
        return new InFlightKeys(keys, new ScanPosition(database, cursor, false));
    }

    /** How its keys were read, for the time when they have to be read again. */
    Reading reading() {
        return reading;
    }

    /** Whether keys of it that are gone must be deleted. */
    boolean carriesDeletes() {
        return deletes || run.isLive() && run.changes().deletes().isOpen();
    }

    /** Whether its answers are about whole keys, and not about a part of one. */
    boolean settlesKeys() {
        return form != PageForm.PART;
    }

    /** Whether its keys were read by the commands of their types. */
    public boolean isByParts() {
        return form != PageForm.PAYLOADS;
    }

    long bytes() {
        return payloadBytes + keys.byteCount();
    }

    /** Another exchange carries the page. */
    public void carry() {
        run.pages().carried(this, carriage::begin);
    }

    /** An exchange that carried the page has ended, as {@link CarryingExchanges#end} says. */
    public void letGo(@Nullable String handling) {
        run.pages().carried(this, () -> carriage.end(handling));
    }

    /** A copy that carried the page has failed before it came to a target. */
    public void letGoFailed(String cause) {
        run.pages().carried(this, () -> carriage.fail(cause));
    }

    /** An exchange that carries the page was copied. */
    public void copied() {
        carriage.copy();
    }

    /** The exchanges that carry the page; guarded by the run. */
    CarryingExchanges carriage() {
        return carriage;
    }

    /** How the page got lost; null if it has not. */
    @Nullable
    public String abandonedBy() {
        return run.<@Nullable String>locked(carriage::abandonedBy);
    }

    /** Whether its reader still waits for it. */
    public boolean isOut() {
        return run.pages().isOut(this);
    }

    /**
     * Says that this target, or transport, is about to answer for the page's keys. Also of pages that are not out any
     * more, as the other targets may have answered long before; but not where the scan has started again, as all
     * answers to its pages are void then.
     *
     * @throws TargetClosedException if others answer for one of the keys already, and the consumer expects no more
     */
    public void claim(String name, BitSet places) throws TargetClosedException {
        String others =
                run.<@Nullable String>locked(() -> epoch.equals(run.epoch()) ? claims.claim(name, places) : null);
        if (others != null) {
            throw new TargetClosedException(name + " got keys of migration " + run.migration() + " for which " + others
                    + (targets == 1 ? " answers" : " answer") + ", and the consumer expects targets=" + targets
                    + ": set targets=" + (targets + 1)
                    + " on it if each key is meant for one more"
                    + (name.contains(TRANSPORT) || others.contains(TRANSPORT)
                            ? ", or take Acknowledge out, which has its place only where a route ends in a transport."
                            : ", or send each key to no more than that."));
        }
    }

    /** This target failed with the page: keys for which it has not answered may go to another one. */
    public void release(String name, PageData page) {
        run.pages().enter(this, () -> claims.release(name, settlement.unanswered(name, page)));
    }

    /** Remembers that the target has another value under the name of this key, which stays there. */
    public void keep(PageData page, int i) {
        KeptKeyIndex kept = run.report().kept();
        if (kept != null) {
            kept.add(database, keys.get(page.place(i)));
        }
    }

    /** How many targets have to answer for each key. */
    public int targets() {
        return targets;
    }

    /** These keys of the page differ and are looked at again after a while: they leave this page and are read anew. */
    public void again(PageData page, int[] indexes) {
        settlement.takeOut(page, indexes, taken -> run.pages().again(taken, database, cursor, reading, isByParts()));
    }

    /**
     * The payloads of these keys cannot be restored: they leave this page and are read by the commands of their types.
     */
    public void byParts(PageData page, int[] indexes) {
        readAgain(page, indexes, taken -> RetryKeys.byParts(taken, database, cursor, reading.refused()));
    }

    /** Takes out keys whose parts are void, as {@code why} adds: they are read again. */
    public void partsAgain(PageData page, int[] indexes, UnaryOperator<Reading> why) {
        readAgain(page, indexes, taken -> RetryKeys.afterFailure(taken, database, cursor, why.apply(reading), true));
    }

    private void readAgain(PageData page, int[] indexes, Function<KeyList, RetryKeys> retry) {
        settlement.takeOut(page, indexes, taken -> run.pages().readAgain(retry.apply(taken)));
    }

    /** Its keys, as their reader named them. */
    public KeyList keys() {
        return keys;
    }

    /** The key at this place, as its reader named it. */
    public byte[] key(int place) {
        return keys.get(place);
    }

    /** All its keys, under the names that the reader gave them; for claims and answers about the page as a whole. */
    public BitSet places() {
        BitSet places = new BitSet();
        places.set(0, keys.size());
        return places;
    }

    /** Fails the page: its unanswered keys must be read again. */
    public void deny(String cause) {
        run.pages().enter(this, () -> run.pages().denied(this, settlement.due(), cause));
    }

    @Override
    public String toString() {
        return "page " + sequence + " (" + keys.size() + " keys, " + bytes() + " bytes)";
    }
}
