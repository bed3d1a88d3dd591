package io.camelrump.values;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value by the commands of its type, so that neither the server nor this heap is busy with all of it at once:
 * a small one in a single pipeline, a larger one in parts.
 *
 * <p>Either is a snapshot: the key is watched from before the first command to after the last, and {@link KeyState} is
 * compared beside that. Nothing else may be due on the connection.
 */
public final class ElementReader {
    /** The server did not report how much memory the value takes. */
    private static final long UNKNOWN_SIZE = -1;

    /** Bytes of a big key that are read at once, about. */
    public static final int PART_BYTES = 256 * 1024;

    private static final long GUESSED_ELEMENT_BYTES = 64;
    /** Times that an expiry is requested again while the answer is not exact. */
    private static final int MOST_DATINGS = 20;

    private final RedisConnection source;
    private final KeyWatch watch;
    private final KeyCommands commands;
    private final SourceFeatures features;
    private final ServerClock clock;
    private final byte[] key;
    private PartLimit limit;
    private final String type;
    private final long bytes;
    private final int usage;

    private KeyState opened;
    /** Bytes that an element takes, as far as known. */
    private long elementBytes = 1;

    private ElementCount count;
    private ElementScan scan;
    private @Nullable StreamReader stream;
    private boolean ended;
    /** Whether it was read at once, so that nothing is left to be looked at. */
    private boolean wasWhole;

    private ElementReader(
            KeyWatch watch,
            SourceFeatures features,
            ServerClock clock,
            byte[] key,
            PartLimit limit,
            KeyState found,
            long bytes,
            int usage) {
        this.source = watch.source();
        this.watch = watch;
        this.commands = new KeyCommands(source);
        this.features = features;
        this.clock = clock;
        this.key = key;
        this.limit = limit;
        this.type = found.type();
        this.opened = found;
        this.bytes = bytes;
        this.usage = usage;
        this.count = new ElementCount(limit, elementBytes, clock.roundTripNanos());
        this.scan = newScan();
    }

    private ElementScan newScan() {
        return new ElementScan(commands, key, type, features.fieldExpiry(), limit);
    }

    /** Asks for type, expiry and size of a key; null if it is gone. */
    public static @Nullable ElementReader open(
            KeyWatch watch, SourceFeatures features, ServerClock clock, byte[] key, PartLimit limit)
            throws IOException, KeyUnreadableException {
        RedisConnection source = watch.source();
        KeyState found = null;
        Object size = null;
        int usage = KeyUsage.UNKNOWN;
        for (int i = 0; i == 0 || found != null && !found.isDated() && i < MOST_DATINGS; i++) {
            if (features.usage() != null) {
                // before what may count as a use
                source.out()
                        .command(3)
                        .arg("OBJECT")
                        .arg(features.usage().name())
                        .arg(key);
            }
            KeyState.write(source.out(), features, key, "");
            source.out().command(3).arg("MEMORY").arg("USAGE").arg(key);
            source.out().flush();
            usage = features.usage() == null ? KeyUsage.UNKNOWN : SourceFeatures.readUsage(source);
            KeyState.Replies reported = KeyState.read(source.in(), clock, "");
            size = source.readProbe("MEMORY USAGE");
            found = reported.state(source, features);
        }
        return found == null
                ? null
                : new ElementReader(
                        watch,
                        features,
                        clock,
                        key,
                        limit,
                        found,
                        size instanceof Long memory ? memory : UNKNOWN_SIZE,
                        usage);
    }

    /** As TYPE reports it; a module's own one too. */
    public String type() {
        return type;
    }

    /** Whether it is a type of Redis's own, so that its elements can be read. */
    public boolean isKnown() {
        return !countCommand().isEmpty();
    }

    /** On the source's clock; {@link PageData#NO_EXPIRY} if it has none. */
    public long expiresAtMillis() {
        return opened.expiresAtMillis();
    }

    /**
     * Elements, or bytes of a string, that whoever writes what was read will have: fields that have expired are counted
     * by the source and not given, a scan may give an element twice, and XLEN of an old stream may be wrong.
     */
    long count() {
        return switch (type) {
            case "stream" -> stream == null ? 0 : stream.entries();
            case "set", "zset", "hash" -> Math.min(scan.elements(), opened.count());
            default -> opened.count();
        };
    }

    /** Kind of usage data that the source keeps per key; null if it was not asked. */
    public KeyUsage.@Nullable Kind usageKind() {
        return features.usage();
    }

    /** As OBJECT reported it before the reading; negative where it did not. */
    public int usage() {
        return usage;
    }

    /** Bytes of memory that it takes, as the server estimates it. */
    public long size() {
        return bytes == UNKNOWN_SIZE ? 0 : bytes;
    }

    public boolean hasNext() {
        return !ended;
    }

    /** Whether nothing was found in a value of a type that cannot be empty. */
    public boolean isEmpty() {
        return scan.elements() == 0 && !type.equals("string") && !type.equals("stream");
    }

    /** Whether the source counts elements. */
    public boolean countsElements() {
        return opened.count() > 0;
    }

    // --- all at once ---

    /** Whether {@link #whole} has read it. */
    public boolean isWhole() {
        return wasWhole;
    }

    /**
     * All rows of {@link Elements} of a small value, read in one pipeline; null if it must be read in parts, from
     * {@link #begin} on.
     */
    public byte @Nullable [] whole() throws IOException, KeyChangedException, KeyUnreadableException {
        return bytes > limit.usualBytes() ? null : commands.<byte @Nullable []>understood(this::readWhole);
    }

    private byte @Nullable [] readWhole() throws IOException, KeyChangedException, KeyUnreadableException {
        String command = countCommand();
        boolean asksFields = type.equals("hash") && features.fieldExpiry();
        watch.writeBegin(key);
        KeyState.write(source.out(), features, key, command);
        scan.writeNext(ElementCount.MOST);
        if (!asksFields) {
            watch.writeEnd();
        }
        source.out().flush();
        ErrorReply unwatched = watch.readBegin();
        KeyState.Replies reported = KeyState.read(source.in(), clock, command);
        Object reply = source.in().replyWithin(ElementCount.replyBytes(limit.usualBytes()));
        boolean cut = source.in().wasCut();
        Object executed = asksFields ? null : watch.readEnd();
        throwIfRefused(source, "WATCH", unwatched);
        if (KeyState.isContradicted(type, reported)) {
            // EXEC was sent already: in parts it is found out whether the key is held
            return null;
        }
        take(reported.state(source, features));
        Elements.Builder part = new Elements.Builder();
        if (cut || !takeWhole(part, reply)) {
            scan = newScan();
            return null;
        }
        if (asksFields) {
            executed = end();
        }
        throwIfChanged(executed);
        ended = true;
        wasWhole = true;
        return part.build();
    }

    private boolean takeWhole(Elements.Builder part, @Nullable Object reply)
            throws IOException, KeyChangedException, KeyUnreadableException {
        if (type.equals("stream")) {
            StreamReader reader = new StreamReader(commands, key, clock, elementBytes);
            stream = reader;
            // below Redis 6.0 it reports its counters alone
            boolean reportedAll =
                    !(reply instanceof ErrorReply error && error.code().equals("ERR"))
                            && reader.takeWhole(part, commands.judge("XINFO STREAM", reply), ElementCount.MOST);
            stream = reportedAll ? reader : null;
            return reportedAll && opened.isDated();
        }
        scan.readNext(part, reply, ElementCount.MOST);
        return scan.isEnded() && opened.isDated() && hasAll();
    }

    // --- in parts ---

    /** Watches the key, and looks at what stands beside its value. */
    public void begin() throws IOException, KeyChangedException, KeyUnreadableException {
        String command = countCommand();
        watch.writeBegin(key);
        for (int i = 0; i == 0 || !opened.isDated() && i < MOST_DATINGS; i++) {
            KeyState.write(source.out(), features, key, command);
            source.out().flush();
            ErrorReply unwatched = i == 0 ? watch.readBegin() : null;
            KeyState.Replies reported = KeyState.read(source.in(), clock, command);
            throwIfRefused(source, "WATCH", unwatched);
            if (KeyState.isContradicted(type, reported)) {
                throw changed(command, reported.count());
            }
            take(reported.state(source, features));
        }
        long size = bytes == UNKNOWN_SIZE ? GUESSED_ELEMENT_BYTES * opened.count() : bytes;
        elementBytes = Math.max(1, size / Math.max(1, opened.count()));
        limit = limit.over(clock.roundTripNanos());
        scan = newScan();
        count = new ElementCount(limit, elementBytes, clock.roundTripNanos());
        if (type.equals("stream")) {
            StreamReader reader = new StreamReader(commands, key, clock, elementBytes);
            stream = commands.understood(reader::open);
        }
    }

    private void take(@Nullable KeyState found) throws KeyChangedException {
        if (found == null || !found.type().equals(type)) {
            throw new KeyChangedException();
        }
        opened = found;
    }

    /** The next rows of {@link Elements}: at most about as many bytes as was wanted, but one element at least. */
    public byte[] next() throws IOException, KeyChangedException, KeyUnreadableException {
        try {
            return commands.understood(this::readNext);
        } catch (KeyChangedException e) {
            throw changed(commands.judgedCommand(), commands.judged());
        }
    }

    /** The key is not as it was reported before: it has changed, or the server contradicts itself. */
    private KeyChangedException changed(String command, @Nullable Object reply) throws IOException {
        // what expires may be gone without a change, and a watch does not see what becomes of a stream's groups
        boolean isSeen = watch.isPermitted()
                && opened.expiresAtMillis() == PageData.NO_EXPIRY
                && !type.equals("hash")
                && !type.equals("stream");
        return isSeen && isHeld(end())
                ? new KeyChangedException(new ReplyException(command, reply))
                : new KeyChangedException();
    }

    private byte[] readNext() throws IOException, KeyChangedException, KeyUnreadableException {
        Elements.Builder part = new Elements.Builder();
        int read;
        if (stream == null) {
            read = nextElements(part);
            ended = scan.isEnded();
        } else {
            ended = !stream.next(part, count);
            read = stream.given();
        }
        count.came(read, part.size());
        return part.build();
    }

    private int nextElements(Elements.Builder part) throws IOException, KeyChangedException, KeyUnreadableException {
        while (true) {
            int wanted = count.ask();
            scan.writeNext(wanted);
            source.out().flush();
            Object reply = source.in().replyWithin(count.mostBytes());
            if (!source.in().wasCut()) {
                return scan.readNext(part, reply, wanted);
            }
            if (type.equals("string")) {
                throw new ReplyException("GETRANGE", "a text of more bytes than were requested");
            }
            // nothing of it was taken: the same place is asked for again
            count.tooMany();
        }
    }

    /** Whether nobody changed it since it was begun; ends its watch. */
    public boolean isUnchanged() throws IOException, KeyChangedException, KeyUnreadableException {
        if (!hasAll()) {
            throw changed(countCommand(), opened.count());
        }
        if (stream != null && !commands.understood(stream::isUnchanged)) {
            return false;
        }
        String command = countCommand();
        KeyState now = null;
        for (int i = 0; i == 0 || now != null && !now.isDated() && i < MOST_DATINGS; i++) {
            KeyState.write(source.out(), features, key, command);
            source.out().flush();
            now = KeyState.read(source.in(), clock, command).state(source, features);
        }
        return now != null && opened.sameAs(now) && isHeld(end());
    }

    /** Whether as much was read as the source counted, where that means something. */
    private boolean hasAll() {
        return switch (type) {
            case "string", "list" -> scan.position() == opened.count();
            default -> true;
        };
    }

    private String countCommand() {
        return ElementWriter.countCommand(type);
    }

    private @Nullable Object end() throws IOException {
        watch.writeEnd();
        source.out().flush();
        return watch.readEnd();
    }

    private void throwIfChanged(@Nullable Object executed) throws KeyChangedException {
        if (!isHeld(executed)) {
            throw new KeyChangedException();
        }
    }

    private boolean isHeld(@Nullable Object executed) {
        if (executed instanceof ErrorReply error) {
            // the connection may be left within a transaction: it must not go on
            throw ErrorText.refusal(source.address(), "EXEC", error);
        }
        return executed != null;
    }

    // --- replies ---

    static void throwIfRefused(RedisConnection source, String command, @Nullable Object reply)
            throws KeyUnreadableException {
        if (reply instanceof ErrorReply error) {
            if (error.isRedirection()) {
                throw new KeyElsewhereException();
            }
            if (error.isOversized()) {
                throw new KeyUnreadableException(
                        error.text().substring(error.code().length() + 1)
                                + "; where bigKey (--big-key) is above the size of the key it goes as a whole");
            }
            if (error.deniesCommand() || error.deniesKey()) {
                throw new KeyUnreadableException(
                        "the source does not let it be read by " + command + ": " + error.text());
            }
            throw ErrorText.refusal(source.address(), command, error);
        }
    }
}
