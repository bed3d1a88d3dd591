package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.wire.WireReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Pages of a stream, of which the next one alone is held. */
final class WirePages implements Iterator<Page>, Closeable {
    private final WireReader reader;
    private @Nullable PageData next;
    private boolean ended;

    WirePages(WireReader reader) {
        this.reader = reader;
    }

    /**
     * Whether there is another page.
     *
     * @throws UncheckedIOException around a {@link WireFormatException} if the next one cannot be read
     */
    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            try {
                next = reader.next();
                ended = next == null;
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
        return next != null;
    }

    @Override
    public Page next() {
        PageData page = hasNext() ? next : null;
        if (page == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return new Page(page);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
