package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Functions;
import io.camelrump.run.NodeProgress;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.ScanEpoch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the pages of a consumer come from: one server, or the masters of a cluster. Belongs to the consumer's thread.
 */
public interface PageSource extends AutoCloseable {

    /** The next page; null when the scan has ended, and also when there is nothing to read for now. */
    @Nullable
    PageData next() throws InterruptedException;

    /** Share of the keys that were passed, from 0 to 1. */
    double progress();

    /** How far each node of a cluster is scanned; none of another source. */
    default List<NodeProgress> nodes() {
        return List.of();
    }

    /** Epoch of the run that the last page was read in. */
    ScanEpoch epoch();

    /** The database that is being read. */
    int database();

    /** Whether there is nothing to be read now: more may be found by {@link #settle}, or change. Asks no server. */
    default boolean isDry() {
        return isAtEnd();
    }

    /**
     * Detects slots that moved to another server, once the scan is exhausted, and schedules their rescan. To be called
     * before every {@link #next}. Does nothing where there is one server.
     */
    default void settle() throws InterruptedException {}

    /**
     * Whether the scan that the run is at was read to its end, no key waits that changed, and {@link #settle} found
     * nothing more to be read. Asks no server.
     */
    boolean isAtEnd();

    /** Whether SCAN has come to its end, though its keys, and others that changed, may still be read. */
    boolean isScanEnded();

    /**
     * Looks for keys that change in these databases too, from now on.
     *
     * @param found which databases of each server hold keys
     * @return whether one of them was not read before
     */
    boolean follow(Map<ServerAddress, Set<Integer>> found);

    /** Starts at the beginning of the scan once more; what is out stays so. */
    void scanAgain() throws InterruptedException;

    /**
     * Makes the source check, before its end is believed, whether keys moved from one server to another. Does nothing
     * where there is one server.
     */
    default void expectMoves() {}

    /** How far each server was read, for a checkpoint; empty where that is not known now. */
    List<Checkpoint.SourceState> states();

    void enqueue(RetryKeys reread) throws InterruptedException;

    /** Takes in what was asked for, while there is no room to ask for more. */
    void drain() throws InterruptedException;

    /**
     * At the end, whether its sentinels, where it has some, still name the server that was read, and no clock was set;
     * if not, there is more to read.
     */
    boolean isStillTheServer() throws InterruptedException;

    /** Its functions as they are now; null if they are not copied. */
    @Nullable
    Functions functions() throws InterruptedException;

    /** Keys that may stand behind these names of a target, and do not exist at the source. */
    List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) throws InterruptedException;

    /** How many keys the databases hold that are read; -1 where a server does not report that. */
    long size() throws InterruptedException;

    /** The servers that are read now. */
    List<ServerAddress> servers();

    /** The servers that take the writes now: the same ones, except where replicas are read. */
    default List<ServerAddress> masters() {
        return servers();
    }

    /**
     * Sends {@code listener} the servers that are read, whenever they may be others than before: one server stays the
     * same, wherever its sentinels find it.
     */
    default void onServers(Consumer<List<ServerAddress>> listener) {}

    @Override
    void close();
}
