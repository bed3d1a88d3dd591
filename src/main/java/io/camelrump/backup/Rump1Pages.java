package io.camelrump.backup;

import io.camelrump.WireFormatException;
import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of a file that Rump 1.0 wrote, some at a time as a page: its form says neither in which database they were, nor
 * when it was written, nor whether it is whole.
 *
 * <p>The times to live in it count from when it is read, as Rump counts them.
 */
final class Rump1Pages implements BackupPages {
    /** Stands behind each key, payload and time to live, and may be a part of them: six bytes, one a character. */
    static final String SEPARATOR = "\u00e2\u009c\u009d\u00e2\u009c\u009d";

    private static final int MOST_KEYS = 1_000;
    private static final int MOST_BYTES = 256 * 1024;

    private final Rump1Reader reader;
    private final long readAt;
    private long expiring;
    private long keys;
    private @Nullable WireFormatException damage;

    /** @param readAt when the times to live begin, in milliseconds since 1970 */
    Rump1Pages(InputStream in, long readAt) {
        this.reader = new Rump1Reader(in);
        this.readAt = readAt;
    }

    @Override
    public @Nullable PageData next() throws IOException {
        if (damage != null) {
            throw damage;
        }
        long at = reader.offset();
        List<Rump1Reader.Entry> entries = entries();
        if (entries.isEmpty()) {
            if (damage != null) {
                throw damage;
            }
            return null;
        }
        return page(entries, at);
    }

    private List<Rump1Reader.Entry> entries() throws IOException {
        List<Rump1Reader.Entry> entries = new ArrayList<>();
        long bytes = 0;
        try {
            while (entries.size() < MOST_KEYS && bytes < MOST_BYTES) {
                Rump1Reader.Entry entry = reader.next();
                if (entry == null) {
                    break;
                }
                entries.add(entry);
                bytes += entry.key().length + entry.payload().length;
            }
        } catch (WireFormatException e) {
            // behind the keys that are whole
            damage = e;
        }
        return entries;
    }

    private PageData page(List<Rump1Reader.Entry> entries, long at) {
        int size = entries.size();
        byte[][] names = new byte[size][];
        int[] offsets = new int[size];
        int[] lengths = new int[size];
        long[] expiries = new long[size];
        ByteArrayOutputStream payloads = new ByteArrayOutputStream();
        for (int i = 0; i < size; i++) {
            Rump1Reader.Entry entry = entries.get(i);
            names[i] = entry.key();
            offsets[i] = payloads.size();
            lengths[i] = entry.isGone() ? PayloadList.GONE : entry.payload().length;
            expiries[i] = entry.millis() > 0 ? readAt + entry.millis() : PageData.NO_EXPIRY;
            expiring += entry.millis() > 0 ? 1 : 0;
            if (!entry.isGone()) {
                payloads.writeBytes(entry.payload());
            }
        }
        keys += size;
        PageOrigin origin = new PageOrigin(WirePages.cursor(at), 0, 0, Reading.FIRST, PageForm.PAYLOADS, null);
        return new PageData(
                KeyList.of(names), new PayloadList(payloads.toByteArray(), offsets, lengths), expiries, origin);
    }

    @Override
    public long offset() {
        return reader.offset();
    }

    @Override
    public @Nullable String missing() {
        return null;
    }

    @Override
    public @Nullable String remark() {
        return "the form of Rump 1.0 does not say whether the file is whole: check that " + keys
                + " keys are as many as there were"
                + (expiring == 0
                        ? ""
                        : "; nor when it was written: " + expiring + " times to live count from now on again");
    }
}
