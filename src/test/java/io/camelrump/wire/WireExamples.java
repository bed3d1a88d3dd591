package io.camelrump.wire;

import io.camelrump.Counts;
import io.camelrump.RunState;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PageStamp;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Reading;
import io.camelrump.run.RemoteEnd;
import io.camelrump.values.KeyPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pages with all that can travel, and their bytes; the fixtures of version 1 were written of these. */
final class WireExamples {
    static final String RUN = "00000000-0000-4000-8000-000000000001";
    static final long CREATED = 1_767_225_600_000L;
    static final long EXPIRY = 1_798_761_600_123L;
    /** DUMP of the string "hello" by a Redis 7.0. */
    static final byte[] HELLO = HexFormat.of().parseHex("000568656c6c6f0a006372df766534200a");

    private WireExamples() {}

    /** Two strings, one of which expires. */
    static PageData strings() {
        return page(
                origin(3, 0, PageForm.PAYLOADS, null, Reading.FIRST, false),
                new long[] {PageData.NO_EXPIRY, EXPIRY},
                List.of("greeting", "session:1"),
                HELLO,
                HELLO);
    }

    /** Keys of a live run that are gone, are left out, or whose name is another key's, for database 7 of the target. */
    static PageData deletions() {
        PageData page = new PageData(
                keys(List.of("gone", "left-out", "passed-on")),
                new PayloadList(new byte[0], new int[3], new int[] {-1, -2, -3}),
                new long[] {-1, -1, -1},
                origin(4, 2, PageForm.PAYLOADS, null, Reading.FIRST.onlyThere(), true));
        return page.to(7);
    }

    /** One with usage data, an empty name and a name that is no text, of a source whose clock is not known. */
    static PageData usage() {
        PageData page = new PageData(
                KeyList.of(new byte[0], new byte[] {0, (byte) 0xff, '\n'}),
                new PayloadList(HELLO, new int[] {0, 0}, new int[] {HELLO.length, HELLO.length}),
                new long[] {Long.MAX_VALUE, 0},
                new PageOrigin(
                        Cursor.START,
                        0,
                        ServerClock.UNKNOWN_OFFSET,
                        Reading.FIRST,
                        PageForm.PAYLOADS,
                        new KeyUsage(KeyUsage.Kind.FREQ, new int[] {-1, 255})));
        return page;
    }

    /** A list of three elements in two parts. */
    static List<PageData> parts() {
        return List.of(
                page(
                        origin(5, 0, PageForm.PART, null, Reading.FIRST, false),
                        new long[] {EXPIRY},
                        List.of("list"),
                        part(KeyPart.Step.FIRST, 0, rows(1, "a", "b"))),
                page(
                        origin(
                                6,
                                0,
                                PageForm.ELEMENTS,
                                new KeyUsage(KeyUsage.Kind.IDLETIME, new int[] {86_400}),
                                Reading.FIRST,
                                false),
                        new long[] {EXPIRY},
                        List.of("list"),
                        part(KeyPart.Step.LAST, 1, rows(1, "c"))));
    }

    static List<PageData> all() {
        List<PageData> all = new ArrayList<>(List.of(strings(), deletions(), usage()));
        all.addAll(parts());
        return all;
    }

    static PageData last() {
        return PageData.end(0, new PageStamp(RUN, 1, 7, false));
    }

    /** The same with what the end marker adds. */
    static PageData lastAsRead() {
        PageStamp stamp = Objects.requireNonNull(last().origin().stamp());
        return PageData.end(0, stamp.with(new RemoteEnd(end().state(), end().cause(), List.of(), false)));
    }

    static WireEnd end() {
        return new WireEnd(RunState.REFUSED, "1 key was refused", new Counts(10, 0, 0, 1, 1, 1, 6, 1, 1234, 2, 1));
    }

    /** All of them behind one another, with an end marker. */
    static byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WireWriter writer = writer(out);
        for (PageData page : all()) {
            writer.page(page);
        }
        writer.end(last(), end());
        return out.toByteArray();
    }

    /** The example of the specification: a key, and the end marker of the run that read it. */
    static byte[] specified() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WireWriter writer = writer(out);
        writer.page(page(
                new PageOrigin(
                        Cursor.START,
                        0,
                        -1_500,
                        Reading.FIRST,
                        false,
                        PageForm.PAYLOADS,
                        null,
                        new PageStamp(RUN, 0, 0, false)),
                new long[] {EXPIRY},
                List.of("greeting"),
                HELLO));
        writer.end(
                PageData.end(0, new PageStamp(RUN, 0, 1, false)),
                new WireEnd(RunState.COMPLETE, null, new Counts(1, 0, 0, 0, 0, 0, 1, 0, HELLO.length, 0, 0)));
        return out.toByteArray();
    }

    static byte[] bytes(PageData... pages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WireWriter writer = writer(out);
        for (PageData page : pages) {
            writer.page(page);
        }
        return out.toByteArray();
    }

    private static WireWriter writer(ByteArrayOutputStream out) {
        return new WireWriter(out, "camel-rump 0.1.0", InstantSource.fixed(Instant.ofEpochMilli(CREATED)));
    }

    static List<PageData> read(byte[] bytes) throws IOException {
        return read(new WireReader(new ByteArrayInputStream(bytes)));
    }

    static List<PageData> read(WireReader reader) throws IOException {
        List<PageData> pages = new ArrayList<>();
        for (PageData page = reader.next(); page != null; page = reader.next()) {
            pages.add(page);
        }
        return pages;
    }

    /** All that travels of a page, for a comparison. */
    static String text(PageData page) {
        StringBuilder text = new StringBuilder();
        text.append(PageStamp.of(page))
                .append(' ')
                .append(page.database())
                .append(">")
                .append(page.targetDatabase());
        text.append(' ').append(page.form()).append(' ').append(page.origin().clockOffsetMicros());
        text.append(page.origin().isOnlyIfThere() ? " only-if-there" : "");
        text.append(page.origin().last() ? " last" : "");
        KeyUsage usage = page.origin().usage();
        for (int i = 0; i < page.size(); i++) {
            text.append('\n').append(Arrays.toString(page.key(i)));
            text.append(' ').append(page.expiresAtMillis(i)).append(' ').append(page.payloadLength(i));
            text.append(' ').append(Arrays.toString(page.payload(i)));
            text.append(usage == null ? "" : " " + usage.kind() + usage.values()[page.place(i)]);
        }
        return text.toString();
    }

    private static PageOrigin origin(
            long sequence, int database, PageForm form, @Nullable KeyUsage usage, Reading reading, boolean deletes) {
        return new PageOrigin(
                Cursor.START, database, -1_500, reading, false, form, usage, new PageStamp(RUN, 1, sequence, deletes));
    }

    private static PageData page(PageOrigin origin, long[] expiries, List<String> names, byte[]... payloads) {
        int[] offsets = new int[payloads.length];
        int[] lengths = new int[payloads.length];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < payloads.length; i++) {
            offsets[i] = all.size();
            lengths[i] = payloads[i].length;
            all.writeBytes(payloads[i]);
        }
        return new PageData(keys(names), new PayloadList(all.toByteArray(), offsets, lengths), expiries, origin);
    }

    private static KeyList keys(List<String> names) {
        return KeyList.of(names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new));
    }

    static byte[] part(KeyPart.Step step, int number, byte[] rows) {
        return new KeyPart("copy-1", step, number, "list", 3, 100, rows, 0, rows.length).encode();
    }

    /** Rows of one cell each. */
    static byte[] rows(int kind, String... cells) {
        ByteBuffer rows = ByteBuffer.allocate(100);
        for (String cell : cells) {
            rows.put((byte) kind).putInt(1).putInt(cell.length()).put(cell.getBytes(StandardCharsets.UTF_8));
        }
        return Arrays.copyOf(rows.array(), rows.position());
    }
}
