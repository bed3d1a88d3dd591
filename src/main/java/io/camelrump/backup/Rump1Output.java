package io.camelrump.backup;

import io.camelrump.TargetClosedException;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the form of Rump 1.0: key, payload and milliseconds to live, each with a separator behind it, and nothing
 * else.
 *
 * <p>It has no database, no checksum, no end, and no way to write the separator as a part of a key. Keys that it cannot
 * hold are refused; what it holds and Rump 1.0 cannot read back is counted.
 */
final class Rump1Output implements KeyOutput {
    /** Two latin crosses, in UTF-8. */
    static final byte[] SEPARATOR = HexFormat.of().parseHex("e29c9de29c9d");

    /** Rump 1.0 reads no longer key or payload. */
    static final int MOST_READ_BYTES = 64 * 1024;

    private static final byte[] NEVER = {'0'};

    private final OutputStream out;
    private final boolean keepTtl;
    private final InstantSource clock;
    private @Nullable Integer database;
    private long large;
    private long expiring;

    Rump1Output(OutputStream out, boolean keepTtl, InstantSource clock) {
        this.out = out;
        this.keepTtl = keepTtl;
        this.clock = clock;
    }

    @Override
    public Map<Integer, String> write(PageData page) throws IOException, TargetClosedException {
        requireOneDatabase(page);
        Map<Integer, String> refused = new HashMap<>();
        for (int i = 0; i < page.size(); i++) {
            if (!page.isGone(i)) {
                String cause = refusal(page, i);
                if (cause == null) {
                    write(page, i);
                } else {
                    refused.put(i, cause);
                }
            }
        }
        return refused;
    }

    private void requireOneDatabase(PageData page) throws TargetClosedException {
        int next = page.targetDatabase() < 0 ? page.database() : page.targetDatabase();
        if (database != null && database != next) {
            throw new TargetClosedException("The form of Rump 1.0 knows no databases, and keys of " + database + " and "
                    + next + " would become one: write one file for each, with --db, or a file without rump1:.");
        }
        database = next;
    }

    private static @Nullable String refusal(PageData page, int i) {
        if (page.form() != PageForm.PAYLOADS) {
            return "its value was read in parts, and the form of Rump 1.0 takes it whole: bigKey=off (--big-key off)"
                    + " dumps it";
        }
        if (holdsSeparator(
                page.keys().array(), page.keys().offset(i), page.keys().length(i))) {
            return "its name holds the separator of the form of Rump 1.0, which would shift all keys behind it";
        }
        return holdsSeparator(page.payloads(), page.payloadOffset(i), page.payloadLength(i))
                ? "its payload holds the separator of the form of Rump 1.0, which would shift all keys behind it"
                : null;
    }

    private static boolean holdsSeparator(byte[] bytes, int offset, int length) {
        int end = offset + length - SEPARATOR.length;
        for (int at = offset; at <= end; at++) {
            if (bytes[at] == SEPARATOR[0]
                    && Arrays.equals(bytes, at, at + SEPARATOR.length, SEPARATOR, 0, SEPARATOR.length)) {
                return true;
            }
        }
        return false;
    }

    private void write(PageData page, int i) throws IOException {
        int keyLength = page.keys().length(i);
        int length = page.payloadLength(i);
        large += Math.max(keyLength, length) > MOST_READ_BYTES ? 1 : 0;
        out.write(page.keys().array(), page.keys().offset(i), keyLength);
        out.write(SEPARATOR, 0, SEPARATOR.length);
        out.write(page.payloads(), page.payloadOffset(i), length);
        out.write(SEPARATOR, 0, SEPARATOR.length);
        byte[] ttl = ttl(page, i);
        out.write(ttl, 0, ttl.length);
        out.write(SEPARATOR, 0, SEPARATOR.length);
    }

    /** Milliseconds from now, as 0 stands for no expiry at least 1. */
    private byte[] ttl(PageData page, int i) {
        long expiry = keepTtl ? LocalExpiry.of(page, i) : PageData.NO_EXPIRY;
        if (expiry == PageData.NO_EXPIRY) {
            return NEVER;
        }
        expiring++;
        long left = expiry - clock.millis();
        return Long.toString(Math.max(1, left)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The form has no end: that the file has its name says that it is complete. */
    @Override
    public void end(@Nullable PageData last, WireEnd end) {}

    @Override
    public @Nullable String remark() {
        String unreadable = large == 0
                ? ""
                : number(large, "value is", "values are")
                        + " larger than 64 KB, which Rump 1.0 writes and cannot read; ";
        String late = expiring == 0
                ? ""
                : number(expiring, "expiry begins", "expiries begin")
                        + " to run when the file is restored, as it has no date; ";
        String both = unreadable + late;
        return both.isEmpty() ? null : both.substring(0, both.length() - 2);
    }

    private static String number(long count, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : several);
    }
}
