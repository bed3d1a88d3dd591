package io.camelrump.source;

import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries to a source beside its scan: before each, whatever is due on the connection is read. */
final class SourceQueries {
    private static final BitSet NONE = new BitSet();

    private final SourceConnection connection;
    private final DatabaseMapping databases;
    private final RenameCollisions collisions;
    private final ChangeLog changes;
    private final ReadScope scope;

    SourceQueries(SourceConnection connection, RenameCollisions collisions, ChangeLog changes, ReadScope scope) {
        this.connection = connection;
        this.databases = connection.plan().databases();
        this.collisions = collisions;
        this.changes = changes;
        this.scope = scope;
    }

    /** Asks once nothing is due any more. */
    <T> T drained(PageTurns turns, SourceConnection.Action<T> query) throws InterruptedException {
        return connection.persistently(() -> {
            turns.pages().drain();
            return query.run();
        });
    }

    /** Places of the page's keys that are gone, and whose names others get. */
    BitSet passedOn(@Nullable PageData page, PageTurns turns) throws InterruptedException {
        if (page == null
                || !changes.isFollowed()
                || !collisions.followsRenamed()
                || !GoneNames.areInDoubt(collisions, page)) {
            return NONE;
        }
        return drained(
                turns, () -> new GoneNames(collisions, absence(), changes).passedOn(page, connection.connected()));
    }

    /** Keys that may stand behind these names of a target, and do not exist at the source. */
    List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase, PageTurns turns)
            throws InterruptedException {
        return drained(turns, () -> absence().of(names, targetDatabase));
    }

    private MissingAtSource absence() {
        return new MissingAtSource(
                connection.connected(), collisions, connection.plan().selection(), scope);
    }

    /** Its functions as they are now; null if they are not copied. */
    @Nullable
    Functions functions(PageTurns turns) throws InterruptedException {
        boolean wanted = connection.plan().source().isFunctions();
        return this.<@Nullable Functions>drained(turns, () -> wanted ? Functions.of(connection.connected()) : null);
    }

    /** How many keys the databases hold that are read; -1 where the server does not report that. */
    long size(PageTurns turns) throws InterruptedException {
        return drained(turns, () -> MassDeletionGuard.keys(databases, connection.connected()));
    }

    /** Whether the connection leads where the address does now; it is closed if not. */
    boolean isStillTheServer(ServerAddress address, PageTurns turns, ScanRewind rewind) throws InterruptedException {
        return connection.persistently(() -> {
            boolean still = connection.connected().leadsTo(address);
            if (still) {
                rewind.confirmTime(connection, turns);
            } else {
                connection.close();
            }
            return still;
        });
    }

    /** Starts the scan over, with the databases that hold keys now. */
    void scanAgain(PageTurns turns, ScanRewind rewind) throws InterruptedException {
        drained(turns, () -> {
            List<SourceDatabase> found = databases.find(
                    connection.connected(), connection.connected().info());
            collisions.add(found);
            turns.scan().restart(found);
            rewind.beginPart();
            return true;
        });
    }
}
