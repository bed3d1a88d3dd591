package io.camelrump.values;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements of a value in transit from {@link ElementReader} to {@link ElementWriter}: runs of rows, each of one kind.
 *
 * <p>The form: for each row its kind (a byte), the number of its cells (4 bytes), and each cell as length (4 bytes) and
 * bytes. It knows no version of a server.
 */
final class Elements {
    /** Kind of a row, and of its cells. */
    public enum Kind {
        /** Offset, bytes. */
        STRING,
        /** Element. */
        LIST,
        /** Member. */
        SET,
        /** Score, member. */
        ZSET,
        /** Field, value. */
        HASH,
        /** Field, value, milliseconds since 1970 when the field expires. */
        EXPIRING_FIELD,
        /** Id, then field and value in turn. No field: an entry that is gone, and is still pending somewhere. */
        ENTRY,
        /** Group, id delivered last, entries read; the last one is empty where it is not known. */
        GROUP,
        /** Group, consumer. */
        CONSUMER,
        /** Group, consumer, id, milliseconds since 1970 of its last delivery, how often it was delivered. */
        PENDING,
        /** Id of an entry without fields, which goes when it is pending where it was. */
        DELETED_ENTRY,
        /** Pending entry older than all that remain, which was trimmed; then the id that follows it. */
        TRIMMED_ENTRY,
        /** Id given last, entries added ever, largest id deleted; the last two are empty where they are not known. */
        STREAM,
        /** The first row of a stream whose server has {@link ProducerIds}, in their order. */
        PRODUCER_IDS
    }

    private static final Kind[] KINDS = Kind.values();

    /** A row: of an element, or of what stands beside the elements. */
    record Row(Kind kind, List<byte[]> cells) {
        byte[] cell(int i) {
            return cells.get(i);
        }

        String text(int i) {
            return new String(cells.get(i), StandardCharsets.ISO_8859_1);
        }
    }

    private Elements() {}

    static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes rows. */
    public static final class Builder {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Builder row(Kind kind, List<byte[]> cells) {
            out.write(kind.ordinal());
            number(cells.size());
            for (byte[] cell : cells) {
                number(cell.length);
                out.write(cell, 0, cell.length);
            }
            return this;
        }

        Builder row(Kind kind, byte[]... cells) {
            return row(kind, List.of(cells));
        }

        private void number(int value) {
            out.write(value >>> 24);
            out.write(value >>> 16);
            out.write(value >>> 8);
            out.write(value);
        }

        int size() {
            return out.size();
        }

        public byte[] build() {
            return out.toByteArray();
        }
    }

    /** The rows of one kind that come next; none at the end. */
    static List<Row> rows(ByteBuffer in, int most) {
        List<Row> rows = new ArrayList<>();
        while (in.hasRemaining() && rows.size() < most) {
            Kind kind = KINDS[in.get(in.position())];
            if (!rows.isEmpty() && rows.get(0).kind() != kind) {
                break;
            }
            in.get();
            int count = in.getInt();
            List<byte[]> cells = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] cell = new byte[in.getInt()];
                in.get(cell);
                cells.add(cell);
            }
            rows.add(new Row(kind, cells));
        }
        return rows;
    }
}
