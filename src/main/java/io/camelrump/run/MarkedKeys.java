package io.camelrump.run;

import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys that wait to be read again, each once, the oldest first. Guarded by the log that they belong to. */
final class MarkedKeys {
    /** Bytes of an entry beside its name. */
    private static final int ENTRY_BYTES = 150;

    /**
     * Why a key waits.
     *
     * @param nanos the time of the mark, by {@link System#nanoTime()}
     * @param reported whether the source has said that it changed; else the run itself wants to read it again
     */
    private record Mark(long nanos, boolean reported) {}

    private final Map<ByteBuffer, Mark> marks = new LinkedHashMap<>();
    private final long mostBytes;
    private long bytes;

    MarkedKeys(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** @return false if the names took too much memory, so that all of them are given up */
    boolean put(byte[] name, boolean reported) {
        ByteBuffer key = ByteBuffer.wrap(name);
        Mark earlier = marks.get(key);
        if (earlier == null) {
            marks.put(key, new Mark(System.nanoTime(), reported));
            bytes += name.length + ENTRY_BYTES;
        } else if (reported && !earlier.reported()) {
            marks.put(key, new Mark(earlier.nanos(), true));
        }
        if (bytes < mostBytes) {
            return true;
        }
        marks.clear();
        bytes = 0;
        return false;
    }

    /** Takes the oldest out, up to the first whose time is held back, and enters them among those taken. */
    KeyList take(int most, LongPredicate heldBack, TakenKeys taken) {
        List<byte[]> names = new ArrayList<>();
        BitSet reported = new BitSet();
        Iterator<Map.Entry<ByteBuffer, Mark>> oldest = marks.entrySet().iterator();
        while (names.size() < most && oldest.hasNext()) {
            Map.Entry<ByteBuffer, Mark> entry = oldest.next();
            if (heldBack.test(entry.getValue().nanos())) {
                break;
            }
            reported.set(names.size(), entry.getValue().reported());
            names.add(entry.getKey().array());
            oldest.remove();
        }
        KeyList keys = KeyList.of(names.toArray(new byte[0][]));
        taken.add(keys, reported);
        bytes -= keys.byteCount() + (long) keys.size() * ENTRY_BYTES;
        return keys;
    }

    int size() {
        return marks.size();
    }

    boolean contains(byte[] key) {
        return marks.containsKey(ByteBuffer.wrap(key));
    }

    boolean isReported(byte[] key) {
        Mark mark = marks.get(ByteBuffer.wrap(key));
        return mark != null && mark.reported();
    }

    /** The time of the oldest; null if none waits. */
    @Nullable
    Long oldest() {
        return marks.isEmpty() ? null : marks.values().iterator().next().nanos();
    }

    Stream<byte[]> names() {
        return marks.keySet().stream().map(ByteBuffer::array);
    }
}
