package io.camelrump.source;

import io.camelrump.RedisType;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * How each stream was when it was read last, by the checksum at the end of its payload: streams are read again and
 * again, as nothing shows what their groups do, and most are found as they were.
 *
 * <p>A stream that was read is in flight to the target, or waits to be read again; so an unchanged one need not travel.
 */
final class StreamFingerprints {
    private static final int MOST_STREAMS = 100_000;

    private record Name(int database, ByteBuffer key) {}

    private record State(int length, long checksum) {}

    private final Map<Name, State> states = new HashMap<>();

    static boolean isStream(byte[] payloads, int offset, int length) {
        return length > Long.BYTES && RedisType.ofPayload(payloads[offset]) == RedisType.STREAM;
    }

    /** Takes note of a stream that was read; false if that is how it was read before. */
    boolean isNews(int database, byte[] key, byte[] payloads, int offset, int length) {
        long checksum = ByteBuffer.wrap(payloads).getLong(offset + length - Long.BYTES);
        Name name = new Name(database, ByteBuffer.wrap(key));
        // none: the server does not compute it
        if (checksum == 0 || states.size() >= MOST_STREAMS && !states.containsKey(name)) {
            return true;
        }
        State state = new State(length, checksum);
        return !state.equals(states.put(name, state));
    }

    /** The key is gone, or was read another way: a stream that comes under its name is a new one. */
    void forget(int database, byte[] key) {
        if (!states.isEmpty()) {
            states.remove(new Name(database, ByteBuffer.wrap(key)));
        }
    }

    void forgetAll() {
        states.clear();
    }
}
