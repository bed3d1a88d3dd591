package io.camelrump.values;

import static io.camelrump.values.ReplyForm.bulk;
import static io.camelrump.values.ReplyForm.list;
import static io.camelrump.values.ReplyForm.number;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.values.Elements.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the elements of one value were read, and the commands that read them. */
final class ElementScan {
    private final KeyCommands commands;
    private final byte[] key;
    private final String type;
    private final boolean fieldExpiry;
    private final PartLimit limit;
    /** Bytes of a string that were requested last. */
    private int wantedBytes;

    private long position;
    private Cursor cursor = Cursor.START;
    private final CursorTrail cursors;
    private long elements;
    private boolean ended;

    /**
     * @param fieldExpiry whether fields of a hash may expire
     * @param limit bytes of a string that are read at once
     */
    ElementScan(KeyCommands commands, byte[] key, String type, boolean fieldExpiry, PartLimit limit) {
        this.commands = commands;
        this.key = key;
        this.type = type;
        this.fieldExpiry = fieldExpiry;
        this.limit = limit;
        this.cursors = new CursorTrail(command());
    }

    /** Elements of a list, or bytes of a string, that were read. */
    long position() {
        return position;
    }

    /** Elements that were read; a scan may give one twice. */
    long elements() {
        return elements;
    }

    boolean isEnded() {
        return ended;
    }

    /** Asks for the next elements, and does not flush; of a stream for all of it. */
    void writeNext(int wanted) throws IOException {
        switch (type) {
            case "string" -> {
                wantedBytes = limit.bytes();
                commands.write("GETRANGE", key, number(position), number(position + wantedBytes - 1));
            }
            case "list" -> commands.write("LRANGE", key, number(position), number(position + wanted - 1));
            case "set" -> commands.write("SSCAN", key, cursor.bytes(), Elements.bytes("COUNT"), number(wanted));
            case "zset" -> commands.write("ZSCAN", key, cursor.bytes(), Elements.bytes("COUNT"), number(wanted));
            case "hash" -> commands.write("HSCAN", key, cursor.bytes(), Elements.bytes("COUNT"), number(wanted));
            case "stream" ->
                commands.write("XINFO STREAM", key, Elements.bytes("FULL"), Elements.bytes("COUNT"), number(wanted));
            default -> throw new IllegalStateException("no commands are known for a " + type);
        }
    }

    /** Adds what the source answered; says how many elements these were. */
    int readNext(Elements.Builder part, @Nullable Object answer, int wanted)
            throws IOException, KeyChangedException, KeyUnreadableException {
        Object reply = commands.judge(command(), answer);
        int read =
                switch (type) {
                    case "string" -> readString(part, bulk(reply));
                    case "list" -> readList(part, list(reply), wanted);
                    case "set" -> readScan(part, list(reply, 2), Kind.SET);
                    case "zset" -> readScan(part, list(reply, 2), Kind.ZSET);
                    default -> readScan(part, list(reply, 2), Kind.HASH);
                };
        elements += read;
        return read;
    }

    private String command() {
        return switch (type) {
            case "string" -> "GETRANGE";
            case "list" -> "LRANGE";
            case "set" -> "SSCAN";
            case "zset" -> "ZSCAN";
            default -> "HSCAN";
        };
    }

    private int readString(Elements.Builder part, byte[] content) {
        if (content.length > wantedBytes) {
            throw new MisreadException();
        }
        part.row(Kind.STRING, number(position), content);
        position += content.length;
        ended = content.length < wantedBytes;
        return content.length;
    }

    private int readList(Elements.Builder part, List<@Nullable Object> read, int wanted) {
        if (read.size() > wanted) {
            throw new MisreadException();
        }
        for (Object element : read) {
            part.row(Kind.LIST, bulk(element));
        }
        position += read.size();
        ended = read.size() < wanted;
        return read.size();
    }

    private int readScan(Elements.Builder part, List<@Nullable Object> reply, Kind kind)
            throws IOException, KeyChangedException, KeyUnreadableException {
        cursor = Cursor.of(bulk(reply.get(0)));
        ended = cursor.isEnd();
        cursors.passed(cursor);
        List<@Nullable Object> cells = list(reply.get(1));
        if (kind != Kind.SET && cells.size() % 2 == 1) {
            throw new MisreadException();
        }
        if (kind == Kind.HASH && fieldExpiry && !cells.isEmpty()) {
            return readFields(part, cells);
        }
        if (kind == Kind.SET) {
            for (Object member : cells) {
                part.row(kind, bulk(member));
            }
            return cells.size();
        }
        for (int i = 0; i < cells.size(); i += 2) {
            byte[] first = bulk(cells.get(i));
            byte[] second = bulk(cells.get(i + 1));
            // a member comes before its score, and is written behind it
            part.row(kind, kind == Kind.ZSET ? second : first, kind == Kind.ZSET ? first : second);
        }
        return cells.size() / 2;
    }

    private int readFields(Elements.Builder part, List<@Nullable Object> cells)
            throws IOException, KeyChangedException, KeyUnreadableException {
        int fields = cells.size() / 2;
        byte[][] words = new byte[3 + fields][];
        words[0] = key;
        words[1] = Elements.bytes("FIELDS");
        words[2] = number(fields);
        for (int i = 0; i < fields; i++) {
            words[3 + i] = bulk(cells.get(2 * i));
        }
        Object reported = commands.ask("HPEXPIRETIME", words);
        if (reported == null) {
            // the key is gone
            throw new KeyChangedException();
        }
        List<@Nullable Object> expiries = list(reported, fields);
        List<byte[][]> expiring = new ArrayList<>();
        int withoutExpiry = 0;
        for (int i = 0; i < fields; i++) {
            byte[] value = bulk(cells.get(2 * i + 1));
            long expiry = expiry(expiries.get(i));
            if (expiry > 0) {
                expiring.add(new byte[][] {words[3 + i], value, number(expiry)});
            } else if (expiry == PageData.NO_EXPIRY) {
                part.row(Kind.HASH, words[3 + i], value);
                withoutExpiry++;
            }
            // else it is gone by now
        }
        expiring.forEach(row -> part.row(Kind.EXPIRING_FIELD, row));
        return withoutExpiry + expiring.size();
    }

    private static long expiry(@Nullable Object reported) {
        if (reported instanceof Long expiry && expiry >= SourceFeatures.EXPIRY_OF_MISSING) {
            return expiry;
        }
        throw new MisreadException();
    }
}
