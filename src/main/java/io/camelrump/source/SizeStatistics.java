package io.camelrump.source;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The server's own statistics of sizes, asked for once a chunk instead of the size of each key: for as long as they
 * show a database of short strings alone.
 *
 * <p>They are asked for after the SCAN of a chunk, so that a key of another type, or one that has grown, is among what
 * they count. From the first other answer on, and where a payload is larger than they allow, the keys of the database
 * are asked one by one. A key that grows between answer and DUMP is met as one that has grown after its size.
 */
final class SizeStatistics {
    /** A smaller chunk, as of a few keys that changed, is asked key by key. */
    private static final int LEAST_CHUNK = 16;
    /** Keys that the window has to hold: where it holds fewer, sizes by key let more be in flight. */
    private static final int LEAST_IN_WINDOW = 2_000;
    /** A server of thousands of databases answers with more. */
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final long bigKeyBytes;
    private final long windowBytes;
    /** Databases whose keys are asked one by one. */
    private final Set<Integer> byKey = new HashSet<>();

    SizeStatistics(long bigKeyBytes, long windowBytes) {
        this.bigKeyBytes = bigKeyBytes;
        this.windowBytes = windowBytes;
    }

    /** Whether they may do for the keys of this chunk. */
    boolean mayDo(KeyChunk chunk) {
        return chunk.keys().size() >= LEAST_CHUNK && !byKey.contains(chunk.database());
    }

    void ask(RespWriter out) throws IOException {
        out.command(3).arg("INFO").arg("keyspace").arg("keysizes");
    }

    /** Reads the answer: what to reckon for each key of the database; 0 if they have to be asked one by one. */
    int read(RedisConnection connection, int database) throws IOException {
        int bytes = connection.readProbe("INFO") instanceof byte[] text && text.length <= LONGEST_ANSWER
                ? bytesPerKey(new String(text, StandardCharsets.ISO_8859_1), database)
                : 0;
        if (bytes == 0) {
            byKey.add(database);
        }
        return bytes;
    }

    private int bytesPerKey(String info, int database) {
        SizeHistogram strings = SizeHistogram.ofStringsAlone(info, database);
        return strings == null || strings.longest() > bigKeyBytes
                ? 0
                : strings.bytesPerKey(windowBytes, LEAST_IN_WINDOW);
    }

    /** A payload of a key that they stood for has this length. */
    void seen(int database, long length) {
        if (length > bigKeyBytes) {
            byKey.add(database);
        }
    }

    /** Another server answers from now on. */
    void forget() {
        byKey.clear();
    }
}
