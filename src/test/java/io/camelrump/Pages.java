package io.camelrump;

import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Pages made by hand, for tests without a server. */
public final class Pages {
    private Pages() {}

    /** A page of strings that is entered in the books, and out. */
    public static PageData out(Run run, String... keys) {
        return out(run, 0, keys);
    }

    /** One that the SCAN of this cursor gave. */
    public static PageData out(Run run, long cursor, String... keys) {
        PageData page = of(new byte[keys.length][5], cursor, keys);
        return page.out(Objects.requireNonNull(run.pages().open(page, run.epoch())), false);
    }

    /** A page of strings whose payloads have 5 bytes each. */
    static PageData of(String... keys) {
        byte[][] payloads = new byte[keys.length][5];
        return of(payloads, keys);
    }

    static PageData of(byte[][] payloads, String... keys) {
        return of(payloads, 0, keys);
    }

    private static PageData of(byte[][] payloads, long cursor, String... keys) {
        int[] offsets = new int[keys.length];
        int[] lengths = new int[keys.length];
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < keys.length; i++) {
            offsets[i] = all.size();
            lengths[i] = payloads[i].length;
            all.writeBytes(payloads[i]);
        }
        long[] expiries = new long[keys.length];
        Arrays.fill(expiries, PageData.NO_EXPIRY);
        byte[][] names = Arrays.stream(keys)
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return new PageData(
                KeyList.of(names),
                new PayloadList(all.toByteArray(), offsets, lengths),
                expiries,
                new PageOrigin(cursor, 0, 0));
    }

    public static List<String> keys(PageData page) {
        return keys(new Page(page));
    }

    public static List<String> keys(Iterable<DumpedKey> keys) {
        return StreamSupport.stream(keys.spliterator(), false)
                .map(key -> new String(key.key(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Pages as a route has them as its body; any other body as it is. */
    static Object body(Object body) {
        return body instanceof PageData page ? new Page(page) : body;
    }

    static Batch batch(PageData... pages) {
        return new Batch(Arrays.stream(pages).map(Page::new).toList());
    }
}
