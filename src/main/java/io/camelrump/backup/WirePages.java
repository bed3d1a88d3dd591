package io.camelrump.backup;

import io.camelrump.redis.Cursor;
import io.camelrump.run.PageData;
import io.camelrump.wire.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Pages in the form for the wire, with the end markers of their runs. */
final class WirePages implements BackupPages {
    private final WireReader reader;
    private final BackupRuns runs = new BackupRuns();

    WirePages(InputStream in) {
        reader = new WireReader(in);
    }

    @Override
    public @Nullable PageData next() throws IOException {
        while (true) {
            long at = reader.offset();
            PageData page = reader.next();
            if (page == null) {
                return null;
            }
            if (page.origin().last()) {
                runs.ended(page.origin().stamp(), reader.end());
            } else {
                runs.read(page);
                return page.only(
                        IntStream.range(0, page.size()).toArray(), page.origin().at(cursor(at)));
            }
        }
    }

    /** A place in a file: no number, as it is no cursor of a SCAN. */
    static Cursor cursor(long offset) {
        return Cursor.of(("byte " + offset).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public long offset() {
        return reader.offset();
    }

    @Override
    public @Nullable String missing() {
        return runs.missing();
    }

    @Override
    public @Nullable String remark() {
        return runs.remark();
    }
}
