package io.camelrump.source;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keys between their SCAN and their DUMP: the source is asked about each, and only those that pass are dumped. */
final class KeyFilterStage {
    /** Keys asked about at once: the answers take some hundred bytes each at the source. */
    private static final int MOST_DUE = 8192;

    private final Deque<KeyChunk> chunks = new ArrayDeque<>();
    /** Chunks for which the server's statistics are due, in the order of the replies. */
    private final Deque<KeyChunk> forAll = new ArrayDeque<>();

    private final KeyMetadataQueries queries;
    private int[] taken = new int[0];
    private int @Nullable [] sizes;
    private int size;
    private int due;
    private int leftOut;
    /** Places of keys that changed and do not pass, among those that go on; null while there are none. */
    private @Nullable BitSet withoutPass;

    private final List<byte[]> refused = new ArrayList<>();
    private final List<byte[]> big = new ArrayList<>();
    private final List<byte[]> followed = new ArrayList<>();
    private final List<byte[]> followedBig = new ArrayList<>();

    KeyFilterStage(KeyMetadataQueries queries) {
        this.queries = queries;
    }

    void add(KeyChunk chunk) {
        chunks.add(chunk);
    }

    int chunks() {
        return chunks.size();
    }

    /** The chunks whose keys are not sorted out yet. */
    Collection<KeyChunk> waiting() {
        return chunks;
    }

    /** Bytes of the names of its keys. */
    long nameBytes() {
        return PageStages.nameBytes(chunks);
    }

    boolean hasUnasked() {
        return unasked() != null;
    }

    /**
     * The chunk whose keys are asked about next; null if there is none. Replies about one key come in the order of the
     * chunks: none is asked about key by key before it is known whether those before it have to be.
     */
    @Nullable
    KeyChunk unasked() {
        if (due >= MOST_DUE) {
            return null;
        }
        for (KeyChunk chunk : chunks) {
            if (!forAll.contains(chunk) && chunk.hasUnasked() && (forAll.isEmpty() || isForAll(chunk))) {
                return chunk;
            }
        }
        return null;
    }

    private boolean isForAll(KeyChunk chunk) {
        SizeStatistics statistics = queries.statistics();
        return statistics != null && statistics.mayDo(chunk);
    }

    /** Asks for what may stand for the answers about all keys of a chunk; false if there is nothing of that kind. */
    boolean asksForAll(KeyChunk chunk, RespWriter out) throws IOException {
        SizeStatistics statistics = queries.statistics();
        if (statistics == null || !statistics.mayDo(chunk)) {
            return false;
        }
        statistics.ask(out);
        forAll.add(chunk);
        return true;
    }

    /** Takes the answer for all keys of a chunk; null if they have to be asked about one by one. */
    @Nullable
    KeyChunk readForAll(RedisConnection connection) throws IOException {
        KeyChunk chunk = forAll.remove();
        SizeStatistics statistics = Objects.requireNonNull(queries.statistics());
        int bytes = statistics.read(connection, chunk.database());
        if (bytes == 0) {
            return null;
        }
        chunks.remove(chunk);
        return chunk.with(statistics, bytes);
    }

    /** Asks about as many keys of a chunk as may be due and fit the turn, and returns how many these are. */
    int ask(KeyChunk chunk, TurnPacer turns, RespWriter out) throws IOException {
        int asked = 0;
        for (; chunk.hasUnasked() && due < MOST_DUE && turns.takesQuery(); due++) {
            queries.ask(out, chunk.keys(), chunk.ask());
            asked++;
        }
        return asked;
    }

    /** Takes the answers about one key; when they were the last of a chunk, the chunk of the keys that are taken. */
    @Nullable
    KeyChunk read(RedisConnection connection) throws IOException {
        KeyChunk chunk = chunks.element();
        if (chunk.next() == 0) {
            taken = new int[chunk.keys().size()];
            sizes = queries.reportsSize() ? new int[taken.length] : null;
            size = 0;
            withoutPass = null;
        }
        switch (queries.read(connection, chunk.keys(), chunk.next())) {
            case TAKEN -> {
                if (sizes != null) {
                    sizes[size] = queries.keyBytes();
                }
                taken[size++] = chunk.next();
            }
            case LEFT_OUT -> leaveOut(chunk);
            case OVER_TIME -> follow(chunk);
            case NAME_NOT_FREE -> refused.add(chunk.nextKey());
            case BIG -> big.add(chunk.nextKey());
        }
        chunk.skip();
        due--;
        if (!chunk.isRead()) {
            return null;
        }
        chunks.remove();
        return chunk.with(
                size == taken.length ? chunk.keys() : chunk.keys().select(Arrays.copyOf(taken, size)),
                sizes,
                withoutPass);
    }

    /** A key that changed may have been copied when it had another time left: then its changes are still followed. */
    private void follow(KeyChunk chunk) {
        if (!chunk.isChanged()) {
            leftOut++;
        } else {
            (queries.isBig() ? followedBig : followed).add(chunk.nextKey());
        }
    }

    /** A key that changed may have passed before: it goes on in its turn, for what the target has of it. */
    private void leaveOut(KeyChunk chunk) {
        if (!chunk.isChanged()) {
            leftOut++;
            return;
        }
        if (withoutPass == null) {
            withoutPass = new BitSet();
        }
        if (sizes != null) {
            sizes[size] = PayloadWindow.UNKNOWN_SIZE;
        }
        withoutPass.set(size);
        taken[size++] = chunk.next();
    }

    /** Number of keys that were left out since the last call. */
    int takeLeftOut() {
        int left = leftOut;
        leftOut = 0;
        return left;
    }

    /** Keys whose name at the target is not free, since the last call. */
    List<byte[]> takeRefused() {
        List<byte[]> keys = List.copyOf(refused);
        refused.clear();
        return keys;
    }

    /** Keys that are not to be dumped, since the last call. */
    KeyList takeBig() {
        return take(big);
    }

    /** Whether there are keys that are written only if the target has them. */
    boolean hasFollowed() {
        return !followed.isEmpty() || !followedBig.isEmpty();
    }

    /** Keys, since the last call, that are written only if the target has them. */
    KeyList takeFollowed() {
        return take(followed);
    }

    /** Keys, since the last call, that are not dumped, and written only if the target has them. */
    KeyList takeFollowedBig() {
        return take(followedBig);
    }

    private static KeyList take(List<byte[]> list) {
        KeyList keys = KeyList.of(list.toArray(byte[][]::new));
        list.clear();
        return keys;
    }

    /** After a lost connection: unanswered queries must be sent again. */
    void unask() {
        chunks.forEach(KeyChunk::unask);
        forAll.clear();
        due = 0;
    }

    void clear() {
        chunks.clear();
        forAll.clear();
        if (queries.statistics() != null) {
            queries.statistics().forget();
        }
        refused.clear();
        big.clear();
        followed.clear();
        followedBig.clear();
        leftOut = 0;
        due = 0;
    }
}
