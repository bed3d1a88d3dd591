package io.camelrump.check;

import io.camelrump.needs.Intent;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RandomKeys;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a few keys of the source: some picked at random, and for a short while the first ones of a scan. */
public final class PayloadSample {
    static final int MOST_BYTES = 256 * 1024;
    private static final int RANDOM_KEYS = 100;
    /** Keys that one SCAN looks at. */
    static final int SCAN_COUNT = 100;

    private final RedisConnection connection;
    private final Intent intent;
    /** That SCAN itself leaves others out for; empty for all. */
    private String onlyType = "";

    private boolean hidesSizes;
    private long denied;
    private Cursor cursor = Cursor.START;
    private long bytesRead;

    PayloadSample(RedisConnection connection, Intent intent) {
        this.connection = connection;
        this.intent = intent;
    }

    /** The keys of one type alone, as a server from 6.0 on tells it apart; an older one gives none. */
    PayloadSample ofType(String type) {
        onlyType = type;
        return this;
    }

    /**
     * Keys that the run would read, at random; of a run that reads only some, and without RANDOMKEY, the first ones.
     */
    Set<ByteBuffer> keys() throws IOException {
        Set<ByteBuffer> keys = new LinkedHashSet<>();
        if (!intent.isFiltered()) {
            for (Object key : RandomKeys.of(connection, RANDOM_KEYS)) {
                if (key instanceof byte[] name) {
                    keys.add(ByteBuffer.wrap(name));
                }
            }
        }
        for (int i = 0; keys.isEmpty() && i < RANDOM_KEYS; i++) {
            keys.addAll(scan());
            if (cursor.isEnd()) {
                break;
            }
        }
        cursor = Cursor.START;
        return keys;
    }

    /** The next keys of the scan. */
    List<ByteBuffer> scan() throws IOException {
        List<String> words = new ArrayList<>(List.of("COUNT", String.valueOf(SCAN_COUNT)));
        if (intent.match() != null) {
            words.addAll(List.of("MATCH", intent.match()));
        }
        if (!onlyType.isEmpty()) {
            words.addAll(List.of("TYPE", onlyType));
        }
        List<ByteBuffer> keys = new ArrayList<>();
        Object reply = connection.probe("SCAN", cursor.bytes(), words.toArray(String[]::new));
        if (reply instanceof List<?> page
                && page.size() == 2
                && page.get(0) instanceof byte[] next
                && page.get(1) instanceof List<?> names) {
            cursor = Cursor.of(next);
            for (Object name : names) {
                if (name instanceof byte[] key) {
                    keys.add(ByteBuffer.wrap(key));
                }
            }
        } else if (reply instanceof ErrorReply) {
            cursor = Cursor.START;
        } else {
            throw new ReplyException("SCAN", reply, "a cursor and keys");
        }
        return intent.types().isEmpty() ? keys : ofTypes(keys);
    }

    private List<ByteBuffer> ofTypes(List<ByteBuffer> keys) throws IOException {
        for (ByteBuffer key : keys) {
            connection.out().command(2).arg("TYPE").arg(key.array());
        }
        connection.out().flush();
        List<ByteBuffer> wanted = new ArrayList<>();
        for (ByteBuffer key : keys) {
            if (connection.readProbe("TYPE") instanceof String type
                    && intent.types().contains(type)) {
                wanted.add(key);
            }
        }
        return wanted;
    }

    boolean isScanned() {
        return cursor.isEnd();
    }

    /** The small ones of these keys; all of them where the server reports no sizes. */
    List<ByteBuffer> small(Iterable<ByteBuffer> keys) throws IOException {
        List<ByteBuffer> asked = new ArrayList<>();
        for (ByteBuffer key : keys) {
            asked.add(key);
            connection.out().command(3).arg("MEMORY").arg("USAGE").arg(key.array());
        }
        connection.out().flush();
        List<ByteBuffer> small = new ArrayList<>();
        for (ByteBuffer key : asked) {
            Object size = connection.readProbe("MEMORY USAGE");
            hidesSizes |= size instanceof ErrorReply;
            if (size instanceof ErrorReply || size instanceof Long bytes && bytes <= MOST_BYTES) {
                small.add(key);
            }
        }
        return small;
    }

    /** Expiry and payload of one key, as the run reads it; null if it is gone, denied or large after all. */
    byte @Nullable [] read(ByteBuffer key) throws IOException {
        connection.out().command(2).arg("PTTL").arg(key.array());
        connection.out().command(2).arg("DUMP").arg(key.array()).flush();
        return readReplies();
    }

    /** Reads several keys in one round trip. */
    List<byte @Nullable []> readAll(List<ByteBuffer> keys) throws IOException {
        for (ByteBuffer key : keys) {
            connection.out().command(2).arg("PTTL").arg(key.array());
            connection.out().command(2).arg("DUMP").arg(key.array());
        }
        connection.out().flush();
        List<byte @Nullable []> payloads = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            payloads.add(readReplies());
        }
        return payloads;
    }

    private byte @Nullable [] readReplies() throws IOException {
        RespReader in = connection.in();
        in.reply();
        byte type = in.type();
        if (type == '-') {
            denied += new ErrorReply(in.line()).deniesKey() ? 1 : 0;
            return null;
        }
        if (type != '$') {
            in.line();
            return null;
        }
        long length = in.bulkLength();
        bytesRead += Math.max(0, length);
        if (length > MOST_BYTES) {
            in.skipBulk(length);
            return null;
        }
        if (length < 0) {
            return null;
        }
        byte[] payload = new byte[(int) length];
        in.bulk(payload, 0, payload.length);
        return payload;
    }

    /** Whether the source does not report how large a key is. */
    boolean hidesSizes() {
        return hidesSizes;
    }

    /** Keys that the user may not read. */
    long denied() {
        return denied;
    }

    long bytesRead() {
        return bytesRead;
    }
}
