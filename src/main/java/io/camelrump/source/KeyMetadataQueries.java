package io.camelrump.source;

import io.camelrump.keys.KeySelection;
import io.camelrump.keys.LongRange;
import io.camelrump.keys.ScanPlan;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.RenameCollisions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries to a source about a key before it is dumped: whether the filters take it, and how large its payload may be.
 *
 * <p>Missing keys, and keys the server will not describe, pass the filter; their DUMP reply decides.
 */
public final class KeyMetadataQueries {
    private static final Logger LOG = LoggerFactory.getLogger(KeyMetadataQueries.class);

    private static final byte[] MEMORY_USAGE =
            "*3\r\n$6\r\nMEMORY\r\n$5\r\nUSAGE\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The decision about a key. */
    enum Answer {
        TAKEN,
        LEFT_OUT,
        /**
         * Left out by its time left alone, which is judged when a key is copied first: one that was copied is followed.
         */
        OVER_TIME,
        /** The source has another key of the name that this one would get at the target. */
        NAME_NOT_FREE,
        /** Taken, but not to be dumped. */
        BIG
    }

    private final KeySelection selection;
    private final @Nullable RenameCollisions collisions;
    private final @Nullable String scanType;
    private final boolean type;
    private final boolean size;
    private final boolean ttl;
    private final long bigKeyBytes;
    private final boolean boundsAlone;
    private final @Nullable SizeStatistics statistics;
    private long keyBytes = PayloadWindow.UNKNOWN_SIZE;
    /** Whether the key whose answers were read last exists. */
    private boolean there;

    private boolean inTime;

    private KeyMetadataQueries(
            ScanPlan plan,
            @Nullable RenameCollisions collisions,
            boolean memoryUsage,
            boolean bigKeys,
            boolean countsSizes) {
        this.selection = plan.selection();
        this.collisions = collisions;
        this.scanType = plan.type();
        this.type = !selection.types().isEmpty();
        this.bigKeyBytes = bigKeys ? plan.bigKeys().bytes() : BigKeyOptions.OFF;
        this.size = (selection.sizes() != null || bigKeys) && memoryUsage;
        this.ttl = selection.ttls() != null;
        this.boundsAlone = bigKeys && selection.sizes() == null && !type && !ttl && collisions == null;
        this.statistics =
                size && countsSizes && boundsAlone ? new SizeStatistics(bigKeyBytes, plan.windowBytes()) : null;
    }

    /** The queries for this server; null if there are none. */
    static @Nullable KeyMetadataQueries of(
            ScanPlan plan, @Nullable RenameCollisions collisions, RedisConnection connection, ServerInfo info)
            throws IOException {
        KeySelection selection = plan.selection();
        // the default of five samples; SAMPLES 0 would look at every element of every key
        boolean bigKeys = plan.looksForBigKeys(info.usedMemory());
        boolean memoryUsage = (selection.sizes() != null || bigKeys) && reportsMemoryUsage(connection);
        if (bigKeys && !memoryUsage) {
            LOG.warn(
                    "Source {} does not report the size of a key (MEMORY USAGE): big keys are dumped like all others",
                    connection.address());
        }
        if (collisions != null && selection.sizes() != null && !memoryUsage) {
            collisions.askNothing();
        }
        KeyMetadataQueries queries = new KeyMetadataQueries(plan, collisions, memoryUsage, bigKeys, info.countsSizes());
        boolean asksType = queries.type || collisions != null;
        if (asksType && connection.probe("TYPE", "") instanceof ErrorReply error && !error.isOfKeyAlone()) {
            throw ErrorText.refusal(connection.address(), "TYPE", error);
        }
        return asksType || queries.size || queries.ttl ? queries : null;
    }

    /** Whether the server, and the user's rights, let keys be asked for their sizes. */
    public static boolean reportsMemoryUsage(RedisConnection connection) throws IOException {
        return !(connection.probe("MEMORY", "USAGE", "") instanceof ErrorReply refused) || refused.isOfKeyAlone();
    }

    /** Whether the server reports a key's size before its DUMP. */
    boolean reportsSize() {
        return size;
    }

    /** Whether they only find keys that are too big to dump. */
    boolean boundsAlone() {
        return boundsAlone;
    }

    /** Statistics that may stand for the sizes of many keys; null if each is asked about. */
    @Nullable
    SizeStatistics statistics() {
        return statistics;
    }

    /** Bytes of the key whose answers were read last, or {@link PayloadWindow#UNKNOWN_SIZE}. */
    int keyBytes() {
        return keyBytes < 0 ? PayloadWindow.UNKNOWN_SIZE : (int) Math.min(Integer.MAX_VALUE, keyBytes);
    }

    void ask(RespWriter out, KeyList keys, int i) throws IOException {
        byte[] rival = rival(keys, i);
        ask(out, asksType(rival), keys.array(), keys.offset(i), keys.length(i));
        if (rival != null) {
            ask(out, true, rival, 0, rival.length);
        }
    }

    /** In a live run a key that is gone is not refused for its name. */
    private boolean asksType(byte @Nullable [] rival) {
        return type || rival != null && collisions != null && collisions.followsRenamed();
    }

    private void ask(RespWriter out, boolean asksType, byte[] bytes, int offset, int length) throws IOException {
        if (asksType) {
            out.command(2).arg("TYPE").arg(bytes, offset, length);
        }
        if (size) {
            out.raw(MEMORY_USAGE, 0, MEMORY_USAGE.length);
            out.arg(bytes, offset, length);
        }
        if (ttl) {
            out.command(2).arg("PTTL").arg(bytes, offset, length);
        }
    }

    /**
     * The key that has the name which this one would get, if there is one and the filters take it; null if none can.
     */
    private byte @Nullable [] rival(KeyList keys, int i) {
        byte[] name = collisions == null ? null : collisions.nameToAskFor(keys.get(i));
        return name == null || !selection.wanted().test(name) ? null : name;
    }

    /** Reads the answers about one key. */
    Answer read(RedisConnection connection, KeyList keys, int i) throws IOException {
        byte[] rival = rival(keys, i);
        boolean taken = readTaken(connection, asksType(rival));
        boolean gone = asksType(rival) && !there;
        boolean timely = inTime;
        long bytes = keyBytes;
        boolean free = rival == null || !readTaken(connection, true) || !inTime || !there;
        keyBytes = bytes;
        if (!taken) {
            return Answer.LEFT_OUT;
        }
        if (!timely) {
            return Answer.OVER_TIME;
        }
        if (!free && !gone) {
            return Answer.NAME_NOT_FREE;
        }
        return bytes > bigKeyBytes ? Answer.BIG : Answer.TAKEN;
    }

    /** Whether the key whose answers were read last is not to be dumped. */
    boolean isBig() {
        return keyBytes > bigKeyBytes;
    }

    /** Reads the answers about one name, and whether the filters take its key; its time left is judged apart. */
    private boolean readTaken(RedisConnection connection, boolean asksType) throws IOException {
        boolean taken = true;
        if (asksType) {
            Object answer = MetadataReplies.reply(connection, "TYPE");
            there = answer instanceof String name && !name.equals("none");
            taken = !there || isWanted((String) answer);
        }
        keyBytes = PayloadWindow.UNKNOWN_SIZE;
        if (size) {
            keyBytes = MetadataReplies.size(connection);
            taken &= keyBytes < 0 || includes(selection.sizes(), keyBytes);
        }
        inTime = true;
        if (ttl) {
            Object reply = MetadataReplies.reply(connection, "PTTL");
            // an error is that of the DUMP too
            long millis = reply instanceof ErrorReply
                    ? SourceFeatures.EXPIRY_OF_MISSING
                    : SourceFeatures.expiry("PTTL", reply);
            inTime = millis == SourceFeatures.EXPIRY_OF_MISSING
                    || includes(selection.ttls(), millis < 0 ? Long.MAX_VALUE : millis + elapsed());
        }
        return taken;
    }

    /** Milliseconds since the moment from which the bounds of remaining times count. */
    private long elapsed() {
        return selection.ttlsAsOf() == 0 ? 0 : System.currentTimeMillis() - selection.ttlsAsOf();
    }

    private boolean isWanted(String name) {
        return type ? selection.types().contains(name) : scanType == null || scanType.equals(name);
    }

    private static boolean includes(@Nullable LongRange range, long value) {
        return range == null || range.includes(value);
    }
}
