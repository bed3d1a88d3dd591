package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Scan of a source's keys: SCAN in one database after the other, or given keys, which are read again for each database.
 */
final class KeyScan {
    private final ScanPlan plan;
    private final ReadScope scope;
    private ScanPlan scanned;

    private List<SourceDatabase> databases;
    private int at;
    private Cursor cursor = Cursor.START;
    private final ScanCount count;

    private final CursorTrail trail = new CursorTrail("SCAN");
    private boolean asked;
    private boolean ended;
    /** That of all nodes of a cluster together. */
    private final SampleLimit sample;

    private final ScannedNames given;

    KeyScan(ScanPlan plan, List<SourceDatabase> databases, ReadScope scope) {
        this.plan = plan;
        this.scanned = plan;
        this.scope = scope;
        this.count = new ScanCount(plan.count(), plan.mostCount());
        this.given = new ScannedNames(plan.selection().given());
        this.databases = databases;
        this.sample = scope.sample();
        this.ended = databases.isEmpty() || sample.isComplete();
    }

    /**
     * Reads these databases too, from now on: one that holds keys for the first time, or again.
     *
     * @return whether one of them is new
     */
    boolean add(Collection<Integer> numbers) {
        List<SourceDatabase> more = numbers.stream()
                .filter(number -> place(number) == databases.size())
                .map(number -> new SourceDatabase(number, 0))
                .toList();
        databases = Stream.concat(databases.stream(), more.stream()).toList();
        return !more.isEmpty();
    }

    /**
     * Starts at the beginning again, with what the server holds now. A database that was read before may be empty for a
     * moment: it stays among those in which a key that changed is looked for.
     */
    void restart(List<SourceDatabase> newDatabases) {
        List<SourceDatabase> before = databases;
        databases = newDatabases;
        add(before.stream().map(SourceDatabase::number).toList());
        at = 0;
        cursor = Cursor.START;
        trail.clear();
        asked = false;
        scope.restartSample();
        scanned = plan;
        ended = databases.isEmpty() || sample.isComplete();
        close();
    }

    /** Moves to where everything before was read; false if the database is not among those that are read. */
    boolean resumeAt(ScanPosition position) {
        for (int i = 0; i < databases.size(); i++) {
            if (databases.get(i).number() == position.database()) {
                at = i;
                cursor = position.cursor();
                trail.clear();
                ended = position.ended();
                return true;
            }
        }
        ended |= position.ended();
        return ended;
    }

    /** Gives streams alone until it is restarted: their groups change unreported, so that each must be known. */
    void readStreamsAlone() {
        scanned = plan.ofStreams();
        at = 0;
        cursor = Cursor.START;
        ended = databases.isEmpty() || !plan.types().isEmpty() && !plan.types().contains(ScanPlan.STREAM);
    }

    /**
     * Whether {@link #resumeAt} leads back to a place before: keys that a sample has, or that were given, are not given
     * again.
     */
    boolean canGoBack() {
        return !plan.selection().isPartial();
    }

    /** Everything before it was asked for and answered. */
    ScanPosition position() {
        return new ScanPosition(database(), cursor, ended);
    }

    /** The one of the two that SCAN comes to first. */
    ScanPosition earlier(ScanPosition one, ScanPosition other) {
        if (one.ended() != other.ended()) {
            return one.ended() ? other : one;
        }
        int place = Integer.compare(place(one.database()), place(other.database()));
        if (place == 0) {
            place = scope.order().compare(one.cursor(), other.cursor());
        }
        return place <= 0 ? one : other;
    }

    private int place(int database) {
        int place = 0;
        while (place < databases.size() && databases.get(place).number() != database) {
            place++;
        }
        return place;
    }

    ReadScope scope() {
        return scope;
    }

    int database() {
        return databases.isEmpty() ? 0 : databases.get(at).number();
    }

    /** The databases that are read, in their order. */
    List<SourceDatabase> databases() {
        return databases;
    }

    Cursor cursor() {
        return cursor;
    }

    boolean isEnded() {
        return ended || sample.isComplete() && !asked;
    }

    /** Whether more keys can be had now: a SCAN that is due is waited for. */
    boolean isReady() {
        return !ended && !sample.isComplete() && !asked;
    }

    boolean isGiven() {
        return plan.selection().given() != null;
    }

    /** Share of the keys that were passed, from 0 to 1: a database counts by its size. */
    double progress() {
        if (ended) {
            return 1;
        }
        double all = 0;
        double passed = 0;
        for (int i = 0; i < databases.size(); i++) {
            long weight = databases.get(i).weight();
            all += weight;
            passed += i < at ? weight : 0;
        }
        return (passed + here()) / all;
    }

    private double here() {
        if (given.isOpen()) {
            return given.passed();
        }
        long weight = databases.get(at).weight();
        return cursor.isNumber() ? scope.share(cursor.number()) * weight : Math.min(cursor.passed(), weight);
    }

    /** Asks for keys by a SCAN, as {@link ScanCount#ask} says for how many. */
    void ask(RespWriter out, long roundTripNanos, int allowed) throws IOException {
        scanned.writeScan(out, cursor, count.ask(roundTripNanos, allowed));
        asked = true;
    }

    ScanCount count() {
        return count;
    }

    /** The names of one SCAN were too long together: it is asked for again, with fewer from now on. */
    void askFewer() {
        asked = false;
        count.askFewer();
    }

    /** After a lost connection: a SCAN that was sent must be sent again. */
    void unask() {
        asked = false;
        count.cost().forget();
    }

    /** SCAN has answered; at the end of a database comes the next one. */
    void answered(Cursor nextCursor) throws ReplyException {
        asked = false;
        trail.passed(nextCursor);
        cursor = nextCursor.after(cursor, count.last());
        count.answered();
        if (cursor.isEnd()) {
            nextDatabase();
        }
    }

    private void nextDatabase() {
        if (at + 1 < databases.size()) {
            at++;
        } else {
            ended = true;
        }
    }

    /** The next of the given keys. */
    KeyList readGiven() {
        KeyList keys = given.next(plan.count());
        if (!given.isOpen()) {
            nextDatabase();
        }
        return keys;
    }

    /** As many of these keys as the sample still wants; the scan ends with the last of them. */
    KeyList sample(KeyList keys) {
        KeyList wanted = sample.take(keys);
        ended |= sample.isComplete();
        return wanted;
    }

    void close() {
        given.close();
    }
}
