package io.camelrump.source;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys between their SCAN and their DUMP: the source is asked about each, and only those that pass are dumped. */
final class KeyFilterStage {
    /** Keys asked about at once: the answers take some hundred bytes each at the source. */
    private static final int MOST_DUE = 4096;

    private final Deque<KeyChunk> segments = new ArrayDeque<>();
    private final KeyMetadataQueries questions;
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

    KeyFilterStage(KeyMetadataQueries questions) {
        this.questions = questions;
    }

    void add(KeyChunk segment) {
        segments.add(segment);
    }

    int segments() {
        return segments.size();
    }

    /** The segments whose keys are not sorted out yet. */
    Collection<KeyChunk> waiting() {
        return segments;
    }

    /** Bytes of the names of its keys. */
    long nameBytes() {
        return KeyChunk.nameBytes(segments);
    }

    boolean hasUnasked() {
        KeyChunk newest = segments.peekLast();
        return newest != null && newest.hasUnasked() && due < MOST_DUE;
    }

    /** The segment whose keys are asked about next; null if there is none. */
    @Nullable
    KeyChunk unasked() {
        if (due >= MOST_DUE) {
            return null;
        }
        for (KeyChunk segment : segments) {
            if (segment.hasUnasked()) {
                return segment;
            }
        }
        return null;
    }

    /** Asks about as many keys of a segment as may be due, and says how many these are. */
    int ask(KeyChunk segment, RespWriter out) throws IOException {
        int asked = 0;
        for (; segment.hasUnasked() && due < MOST_DUE; due++) {
            questions.ask(out, segment.keys(), segment.ask());
            asked++;
        }
        return asked;
    }

    /**
     * Takes the answers about one key; when they were the last of a segment, the segment of the keys that are taken.
     */
    @Nullable
    KeyChunk read(RedisConnection connection) throws IOException {
        KeyChunk segment = segments.element();
        if (segment.next() == 0) {
            taken = new int[segment.keys().size()];
            sizes = questions.reportsSize() ? new int[taken.length] : null;
            size = 0;
            withoutPass = null;
        }
        switch (questions.read(connection, segment.keys(), segment.next())) {
            case TAKEN -> {
                if (sizes != null) {
                    sizes[size] = questions.keyBytes();
                }
                taken[size++] = segment.next();
            }
            case LEFT_OUT -> leaveOut(segment);
            case OVER_TIME -> follow(segment);
            case NAME_NOT_FREE -> refused.add(segment.nextKey());
            case BIG -> big.add(segment.nextKey());
        }
        segment.skip();
        due--;
        if (!segment.isRead()) {
            return null;
        }
        segments.remove();
        return segment.with(
                size == taken.length ? segment.keys() : segment.keys().select(Arrays.copyOf(taken, size)),
                sizes,
                withoutPass);
    }

    /** A key that changed may have been copied when it had another time left: then its changes are still followed. */
    private void follow(KeyChunk segment) {
        if (!segment.isChanged()) {
            leftOut++;
        } else {
            (questions.isBig() ? followedBig : followed).add(segment.nextKey());
        }
    }

    /** A key that changed may have passed before: it goes on in its turn, for what the target has of it. */
    private void leaveOut(KeyChunk segment) {
        if (!segment.isChanged()) {
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
        taken[size++] = segment.next();
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

    /** After a lost connection: unanswered questions must be sent again. */
    void unask() {
        segments.forEach(KeyChunk::unask);
        due = 0;
    }

    void clear() {
        segments.clear();
        refused.clear();
        big.clear();
        followed.clear();
        followedBig.clear();
        leftOut = 0;
        due = 0;
    }
}
