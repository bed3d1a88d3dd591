package io.camelrump;

import io.camelrump.Elements.Kind;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value in parts by the commands of its type, so that neither the server nor this heap is busy with all of it
 * at once.
 *
 * <p>What it gives is no snapshot: a value may change between two parts, which {@link #isUnchanged} tells as far as
 * type, expiry and number of elements tell it. Nothing else may be due on the connection.
 */
final class ElementReader {
    private static final int MOST_ELEMENTS = 1_000;
    private static final long CLOSE_MICROS = 2_000;
    private static final long SAME_EXPIRY_MILLIS = 50;

    private final RedisConnection source;
    private final SourceFeatures features;
    private final ServerClock clock;
    private final byte[] key;
    private final int partBytes;
    private final State opened;
    /** Bytes that an element takes, as far as known. */
    private long elementBytes;

    private long position;
    private byte[] cursor = Elements.bytes("0");
    private boolean ended;
    private @Nullable StreamReader stream;

    /** What is told of a key beside its elements. */
    private record State(String type, long expiresAtMillis, long count, long bytes) {
        boolean sameAs(State other) {
            boolean sameExpiry = expiresAtMillis < 0 || other.expiresAtMillis < 0
                    ? expiresAtMillis == other.expiresAtMillis
                    : Math.abs(expiresAtMillis - other.expiresAtMillis) <= SAME_EXPIRY_MILLIS;
            return type.equals(other.type) && sameExpiry && count == other.count;
        }
    }

    private ElementReader(
            RedisConnection source,
            SourceFeatures features,
            ServerClock clock,
            byte[] key,
            int partBytes,
            State opened) {
        this.source = source;
        this.features = features;
        this.clock = clock;
        this.key = key;
        this.partBytes = partBytes;
        this.opened = opened;
        this.elementBytes = opened.count() == 0 ? 1 : Math.max(1, opened.bytes() / opened.count());
    }

    /** Asks type, expiry and number of elements of a key; null if it is gone. */
    static @Nullable ElementReader open(
            RedisConnection source, SourceFeatures features, ServerClock clock, byte[] key, int partBytes)
            throws IOException, KeyUnreadableException {
        State state = state(source, features, clock, key);
        return state == null ? null : new ElementReader(source, features, clock, key, partBytes, state);
    }

    /** As TYPE tells it; a module's own one too. */
    String type() {
        return opened.type();
    }

    /** Whether it is a type of Redis's own, so that its elements can be read. */
    boolean isKnown() {
        return !ElementWriter.countCommand(type()).isEmpty();
    }

    /** On the source's clock; {@link Page#NO_EXPIRY} if it has none. */
    long expiresAtMillis() {
        return opened.expiresAtMillis();
    }

    /** Elements, or bytes of a string. */
    long count() {
        return opened.count();
    }

    /** Bytes of memory that it takes, as the server estimates it. */
    long size() {
        return opened.bytes();
    }

    boolean hasNext() {
        return !ended;
    }

    /** The next rows of {@link Elements}: at most about as many bytes as was wanted, but one element at least. */
    byte[] next() throws IOException, KeyChangedException, KeyUnreadableException {
        Elements.Builder part = new Elements.Builder();
        switch (type()) {
            case "string" -> readString(part);
            case "list" -> readList(part);
            case "set" -> readScan(part, "SSCAN", Kind.SET);
            case "zset" -> readScan(part, "ZSCAN", Kind.ZSET);
            case "hash" -> readScan(part, "HSCAN", Kind.HASH);
            case "stream" -> readStream(part);
            default -> throw new IllegalStateException("no commands are known for a " + type());
        }
        return part.build();
    }

    /** Whether type, expiry and number of elements are still as at the opening. */
    boolean isUnchanged() throws IOException, KeyUnreadableException {
        State now = state(source, features, clock, key);
        return now != null && opened.sameAs(now);
    }

    // --- types ---

    private void readString(Elements.Builder part) throws IOException, KeyChangedException, KeyUnreadableException {
        long end = position + partBytes - 1;
        byte[] bytes = bulk(ask("GETRANGE", key, number(position), number(end)));
        part.row(Kind.STRING, number(position), bytes);
        position += bytes.length;
        ended = bytes.length < partBytes;
    }

    private void readList(Elements.Builder part) throws IOException, KeyChangedException, KeyUnreadableException {
        int wanted = wanted();
        List<@Nullable Object> elements = list(ask("LRANGE", key, number(position), number(position + wanted - 1)));
        for (Object element : elements) {
            part.row(Kind.LIST, bulk(element));
        }
        position += elements.size();
        ended = elements.size() < wanted;
        learn(part, elements.size());
    }

    private void readScan(Elements.Builder part, String command, Kind kind)
            throws IOException, KeyChangedException, KeyUnreadableException {
        List<@Nullable Object> reply = list(ask(command, key, cursor, Elements.bytes("COUNT"), number(wanted())));
        cursor = bulk(reply.get(0));
        ended = cursor.length == 1 && cursor[0] == '0';
        List<@Nullable Object> cells = list(reply.get(1));
        if (kind == Kind.HASH && features.fieldExpiry() && !cells.isEmpty()) {
            readFields(part, cells);
        } else if (kind == Kind.SET) {
            for (Object member : cells) {
                part.row(kind, bulk(member));
            }
        } else {
            for (int i = 0; i < cells.size(); i += 2) {
                byte[] first = bulk(cells.get(i));
                byte[] second = bulk(cells.get(i + 1));
                // a member comes before its score, and is written behind it
                part.row(kind, kind == Kind.ZSET ? second : first, kind == Kind.ZSET ? first : second);
            }
        }
        learn(part, cells.size() / (kind == Kind.SET ? 1 : 2));
    }

    private void readFields(Elements.Builder part, List<@Nullable Object> cells)
            throws IOException, KeyChangedException, KeyUnreadableException {
        int fields = cells.size() / 2;
        byte[][] words = new byte[4 + fields][];
        words[0] = key;
        words[1] = Elements.bytes("FIELDS");
        words[2] = number(fields);
        for (int i = 0; i < fields; i++) {
            words[3 + i] = bulk(cells.get(2 * i));
        }
        List<@Nullable Object> expiries = list(ask("HPEXPIRETIME", java.util.Arrays.copyOf(words, 3 + fields)));
        List<byte[][]> expiring = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            byte[] field = bulk(cells.get(2 * i));
            byte[] value = bulk(cells.get(2 * i + 1));
            long expiry = expiries.get(i) instanceof Long told ? told : Page.NO_EXPIRY;
            if (expiry > 0) {
                expiring.add(new byte[][] {field, value, number(expiry)});
            } else if (expiry == Page.NO_EXPIRY) {
                part.row(Kind.HASH, field, value);
            }
            // else it is gone by now
        }
        expiring.forEach(row -> part.row(Kind.EXPIRING_FIELD, row));
    }

    private void readStream(Elements.Builder part) throws IOException, KeyChangedException, KeyUnreadableException {
        StreamReader reader = stream;
        if (reader == null) {
            reader = new StreamReader(this::ask);
            reader.open(key, clock, elementBytes);
            stream = reader;
        }
        ended = !reader.next(part, wanted(), count() == 0);
        learn(part, reader.given());
    }

    /** How many elements fill a part. */
    private int wanted() {
        return (int) Math.max(1, Math.min(MOST_ELEMENTS, partBytes / elementBytes));
    }

    private void learn(Elements.Builder part, int elements) {
        if (elements > 0) {
            elementBytes = Math.max(1, Math.max(elementBytes / 2, part.size() / elements));
        }
    }

    // --- asking ---

    /** Asks one thing about a key. */
    interface Asking {
        @Nullable
        Object ask(String command, byte[]... words) throws IOException, KeyChangedException, KeyUnreadableException;
    }

    private @Nullable Object ask(String command, byte[]... words)
            throws IOException, KeyChangedException, KeyUnreadableException {
        String[] names = command.split(" ");
        RespWriter out = source.out().command(names.length + words.length);
        for (String name : names) {
            out.arg(name);
        }
        for (byte[] word : words) {
            out.arg(word);
        }
        out.flush();
        Object reply = source.in().reply();
        if (reply instanceof ErrorReply error) {
            if (error.code().equals("WRONGTYPE") || error.text().contains("no such key")) {
                throw new KeyChangedException();
            }
            throwIfRefused(source, command, error);
        }
        return reply;
    }

    static byte[] bulk(@Nullable Object reply) throws KeyChangedException {
        if (reply instanceof byte[] bytes) {
            return bytes;
        }
        if (reply instanceof String text) {
            return Elements.bytes(text);
        }
        if (reply instanceof Long value) {
            return number(value);
        }
        throw new KeyChangedException();
    }

    @SuppressWarnings("unchecked")
    static List<@Nullable Object> list(@Nullable Object reply) throws KeyChangedException {
        if (reply instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new KeyChangedException();
    }

    static byte[] number(long value) {
        return Elements.bytes(Long.toString(value));
    }

    private static @Nullable State state(RedisConnection source, SourceFeatures features, ServerClock clock, byte[] key)
            throws IOException, KeyUnreadableException {
        RespWriter out = source.out();
        while (true) {
            out.command(2).arg("TYPE").arg(key);
            out.command(1).arg("TIME");
            out.raw(features.expiryCommand(), 0, features.expiryCommand().length);
            out.arg(key, 0, key.length);
            out.command(1).arg("TIME");
            out.command(3).arg("MEMORY").arg("USAGE").arg(key);
            out.flush();
            Object type = source.in().reply();
            long before = clock.microsOr(source.in().reply());
            Object expiry = source.in().reply();
            long after = clock.microsOr(source.in().reply());
            Object bytes = source.in().reply();
            throwIfRefused(source, "TYPE", type);
            throwIfRefused(source, "PTTL", expiry);
            String name = String.valueOf(type);
            if (name.equals("none")
                    || Long.valueOf(SourceFeatures.EXPIRY_OF_MISSING).equals(expiry)) {
                return null;
            }
            long at = expiry instanceof Long told ? told : Page.NO_EXPIRY;
            if (at >= 0 && !features.exactExpiry()) {
                if (after - before > CLOSE_MICROS) {
                    continue;
                }
                at = ServerClock.later(at, Math.floorDiv(before + after, 2_000));
            }
            String command = ElementWriter.countCommand(name);
            Object count = command.isEmpty() ? Long.valueOf(0) : source.call(command, key);
            if (count instanceof ErrorReply error && !error.code().equals("WRONGTYPE")) {
                throwIfRefused(source, command, error);
            }
            if (count instanceof Long elements) {
                return new State(name, at, elements, bytes instanceof Long told ? told : 64 * elements);
            }
        }
    }

    private static void throwIfRefused(RedisConnection source, String command, @Nullable Object reply)
            throws KeyUnreadableException {
        if (reply instanceof ErrorReply error) {
            if (error.isRedirection()) {
                throw new KeyElsewhereException();
            }
            if (error.deniesCommand() || error.deniesKey()) {
                throw new KeyUnreadableException(
                        "the source does not let it be read by " + command + ": " + error.text());
            }
            throw ErrorText.refusal(source.address(), command, error);
        }
    }
}
