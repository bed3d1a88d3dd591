package io.camelrump.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.run.PageData;
import io.camelrump.values.KeyPart;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Streams that were read of the source: nobody reports changes of their consumer groups, neither there nor at a target.
 * Any thread may ask.
 */
final class KnownStreams {
    static final int MOST = 100_000;

    /** A name that is gone in one database may be that of a stream in another. */
    private record Stream(int database, ByteBuffer key) {}

    @GuardedBy("this")
    private final Set<Stream> streams = new LinkedHashSet<>();

    /** Takes note of what a page holds; false if it holds a stream that is one too many. */
    synchronized boolean read(PageData page) {
        boolean all = true;
        for (int i = 0; i < page.size(); i++) {
            if (KeyPart.isStream(page, i)) {
                all &= remember(of(page, i));
            } else if (page.isGone(i) && !streams.isEmpty()) {
                streams.remove(of(page, i));
            }
        }
        return all;
    }

    @GuardedBy("this")
    private boolean remember(Stream stream) {
        return streams.contains(stream) || streams.size() < MOST && streams.add(stream);
    }

    private static Stream of(PageData page, int i) {
        return new Stream(page.database(), ByteBuffer.wrap(page.key(i)));
    }

    /** Their names, in whichever database. */
    synchronized List<ByteBuffer> names() {
        return streams.stream().map(Stream::key).toList();
    }
}
