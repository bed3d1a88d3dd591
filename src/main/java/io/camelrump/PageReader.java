package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages from one server: SCAN, then expiry and DUMP of each key, all in one pipeline.
 *
 * <p>The next SCAN leaves in the same flush as the DUMPs of the keys before it, so a page costs one round trip. A DUMP
 * is asked for only while the replies that are due, at the size lately seen, fit the window; what was asked for can
 * always be read at once by {@link #drain()}, so nothing waits in the server's output buffer. SCAN gives keys in the
 * order of their hashes, so the sizes seen tell of the sizes to come.
 *
 * <p>Survives its connection: after {@link #resume} it asks again for what was not answered. Not thread-safe.
 */
final class PageReader {
    /** Half of what a page may hold more than the window, so that a wrong guess at sizes stays harmless. */
    private static final int ROOM_IN_WINDOWS = 2;
    /** Below 7.0 TIME goes before so many expected bytes, to date the PTTLs between. */
    private static final int BYTES_BETWEEN_TIMES = 256 * 1024;

    private static final int REPLIES_BETWEEN_ASKING = 32;

    /** The keys being read, those being asked for, and those of the next SCAN. */
    private static final int SEGMENTS_AHEAD = 3;
    /** The next keys are asked for only while the names of those before take less than this. */
    private static final long NAME_BYTES_AHEAD = 4L * 1024 * 1024;

    private static final long LARGEST_BULK = 512L * 1024 * 1024;

    private final ScanOptions options;
    private final Deque<Segment> segments = new ArrayDeque<>();
    /** Pages whose keys were all read, in the order of reading; the first one may have to be dated again. */
    private final Deque<PageBuilder> finished = new ArrayDeque<>();

    /** How streams were read, in a live run. */
    private final StreamsRead streams = new StreamsRead();

    private final List<Refusal> refused = new ArrayList<>();
    private final List<Reread> postponed = new ArrayList<>();
    private final Pipeline pipeline = new Pipeline();
    private final PayloadWindow window;
    private final Pace pace;
    private final KeyScan scan;
    /** Between SCAN and DUMP; null if the source is to be asked nothing there. */
    private final @Nullable KeySieve sieve;
    /** Sees to it that no two keys get one name; null if none can. */
    private final @Nullable Landings landings;
    /** Keys to be read again beside the scan; null if no change is followed. */
    private final @Nullable Changes changes;
    /** Where a server tells a key's size by its payload alone; null if none is told or asked for. */
    private final @Nullable Range payloadSizes;

    /** Null where the source is no cluster. */
    private @Nullable SourceNode node;

    private RedisConnection connection;
    private SourceFeatures features;
    private ServerClock clock;
    private @Nullable PageBuilder building;
    private int expectedPageBytes = 64 * 1024;
    private long finishedBytes;
    private long bytesSinceTime;
    private long lastTime = -1;
    private int filtered;
    /** Whether the scan has the next turn, where keys that changed wait too. */
    private boolean scansNext;

    PageReader(
            ScanOptions options,
            KeyScan scan,
            @Nullable KeyQuestions questions,
            @Nullable Landings landings,
            @Nullable Changes changes,
            Pace pace,
            RedisConnection connection,
            SourceFeatures features,
            ServerClock clock) {
        this.options = options;
        this.scan = scan;
        this.landings = landings;
        this.changes = changes;
        this.sieve = questions == null ? null : new KeySieve(questions);
        this.payloadSizes = questions != null && questions.tellSize()
                ? null
                : options.selection().sizes();
        this.window = new PayloadWindow(options.windowBytes());
        this.pace = pace;
        this.connection = connection;
        this.features = features;
        this.clock = clock;
    }

    /** Goes on with a new connection to the same server: what was asked for and not answered is asked for again. */
    void resume(RedisConnection newConnection, SourceFeatures newFeatures, ServerClock newClock) {
        if (building != null && !newFeatures.equals(features)) {
            // one page holds expiries of one kind
            building.date(-1, -1);
            finishPage();
        }
        connection = newConnection;
        features = newFeatures;
        clock = newClock;
        scan.unask();
        pipeline.clear();
        Segment head = segments.peek();
        boolean due = head != null && head.isDue();
        segments.forEach(Segment::unask);
        if (sieve != null) {
            sieve.unask();
        }
        if (head != null && due && window.cut(head)) {
            refuse(
                    head,
                    connection.address() + " closes the connection when it is asked to DUMP this key;"
                            + " raise its client-output-buffer-limit for normal clients");
            head.skip();
            if (building != null && head.isRead()) {
                building.endOfSegment();
            }
        }
        lastTime = -1;
        if (building != null) {
            building.date(-1, -1);
            closeIfFull();
        } else {
            dropFinished();
        }
    }

    /** Forgets everything, so that the scan can start at its beginning. */
    void forget() {
        if (sieve != null) {
            sieve.clear();
        }
        segments.clear();
        finished.clear();
        finishedBytes = 0;
        pipeline.clear();
        refused.clear();
        postponed.clear();
        filtered = 0;
        building = null;
        streams.forgetAll();
    }

    /** Reads of this node of a cluster. */
    void of(@Nullable SourceNode one) {
        node = one;
    }

    void clock(ServerClock newClock) {
        clock = newClock;
    }

    KeyScan scan() {
        return scan;
    }

    /** Everything that SCAN gave before it was handed out in pages. */
    ScanPosition position() {
        ScanPosition first = scan.position();
        for (Segment segment : segments) {
            first = scan.earlier(first, segment.position());
        }
        for (PageBuilder page : finished) {
            first = scan.earlier(first, page.position());
        }
        if (building != null) {
            first = scan.earlier(first, building.position());
        }
        for (Segment segment : sieve == null ? List.<Segment>of() : sieve.waiting()) {
            first = scan.earlier(first, segment.position());
        }
        for (Reread keys : postponed) {
            first = scan.earlier(first, new ScanPosition(keys.database(), keys.cursor(), false));
        }
        return first;
    }

    /** Whether the scan has ended and all its pages were taken. */
    boolean isAtEnd() {
        return segments.isEmpty()
                && finished.isEmpty()
                && scan.isEnded()
                && !hasChanges()
                && pipeline.isEmpty()
                && (sieve == null || sieve.segments() == 0);
    }

    private boolean hasChanges() {
        if (node != null) {
            return node.changesWaiting() > 0;
        }
        return changes != null && !changes.isEmpty();
    }

    /** Keys that the source refused since the last call, or that no heap here can take. */
    List<Refusal> takeRefused() {
        return take(refused);
    }

    /** Keys that are to be read another way since the last call: alone, as they did not fit beside others, or by parts. */
    List<Reread> takePostponed() {
        return take(postponed);
    }

    /** Number of keys that were left out since the last call. */
    int takeFiltered() {
        int taken = filtered;
        filtered = 0;
        return taken;
    }

    private static <T> List<T> take(List<T> list) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<T> taken = List.copyOf(list);
        list.clear();
        return taken;
    }

    /** Reads these keys next, before the scan goes on. */
    void enqueue(Reread reread) throws IOException {
        finish();
        segments.addFirst(
                new Segment(reread.keys(), reread.database(), reread.cursor(), reread.attempt(), reread.alone()));
    }

    /** The next page with keys; null when the scan has ended, when a SCAN gave none to read, and until the pace allows it. */
    @Nullable
    Page next() throws IOException {
        while (true) {
            Page page = nextFinished();
            if (page != null || isAtEnd()) {
                return page;
            }
            ask();
            if (pipeline.isEmpty() && !pace.isOpen() || !readWhatCame()) {
                return null;
            }
        }
    }

    /** While many replies are due there is nothing to ask for after each, and those that have come are read first. */
    private boolean readWhatCame() throws IOException {
        boolean more = read();
        for (int i = 1; more && i < REPLIES_BETWEEN_ASKING; i++) {
            if (pipeline.size() < REPLIES_BETWEEN_ASKING
                    || !finished.isEmpty()
                    || !connection.in().hasBuffered()) {
                return true;
            }
            more = read();
        }
        return more;
    }

    /** The next page of what was read already; null if there is none. */
    @Nullable
    Page nextFinished() throws IOException {
        for (PageBuilder page = finished.peek(); page != null; page = finished.peek()) {
            if (page.needsTimes()) {
                drain();
                connection.select(page.database());
                page.retime(connection, clock, node);
            }
            finished.remove();
            finishedBytes -= page.payloadBytes();
            if (page.size() > 0) {
                return page.build();
            }
        }
        return null;
    }

    /** Ends the page that is being read with what was asked for, as something else is read next. */
    void finish() throws IOException {
        drain();
        finishPage();
    }

    /** Reads every reply that is due and asks for no more. */
    void drain() throws IOException {
        while (!pipeline.isEmpty()) {
            read();
        }
    }

    // --- asking ---

    private void ask() throws IOException {
        pace.open();
        boolean wantsScan = (scan.isReady() || hasChanges()) && isRoomAhead() && (options.values() || pace.isOpen());
        Segment newest = segments.peekLast();
        if (!wantsScan && (newest == null || !newest.hasUnasked()) && (sieve == null || !sieve.hasUnasked())) {
            return;
        }
        RespWriter out = connection.out();
        boolean asked = false;
        if (wantsScan) {
            askForKeys(out);
        }
        if (window.isOpen(pipeline.keys()) && pace.room(2 * pipeline.keys(), window.expected()) > 0) {
            int room = Math.min(window.room(pipeline.keys()), pace.room(pipeline.keys(), window.expected()));
            for (Segment segment : segments) {
                if (segment.hasUnasked() && room > 0) {
                    select(segment.database(), out);
                }
                for (; segment.hasUnasked() && room > 0; room--) {
                    askFor(segment, out);
                    asked = true;
                }
                if (!features.exactExpiry() && !segment.hasUnasked() && pipeline.endsWithKey()) {
                    askTime(out);
                }
            }
        }
        if (sieve != null) {
            asked |= askQuestions(sieve, out);
        }
        if (asked) {
            if (!features.exactExpiry() && pipeline.endsWithKey()) {
                askTime(out);
            }
            out.flush();
            pace.sent();
        }
    }

    /** Names take memory too, and may be long. */
    private boolean isRoomAhead() {
        long names = Segment.nameBytes(segments) + (sieve == null ? 0 : sieve.nameBytes());
        return ahead() < SEGMENTS_AHEAD && names < NAME_BYTES_AHEAD;
    }

    /** Segments that are not read yet; those that wait for answers before their DUMPs make room for one more. */
    private int ahead() {
        return segments.size() + (sieve == null ? 0 : sieve.segments() - 1);
    }

    /** Takes turns, so that neither the scan nor a stream of changes waits for the other. */
    private void askForKeys(RespWriter out) throws IOException {
        if (hasChanges() && !(scansNext && scan.isReady())) {
            scansNext = true;
            takeChanged(Objects.requireNonNull(changes));
            return;
        }
        scansNext = false;
        if (scan.isFile()) {
            int database = scan.database();
            take(new Segment(named(here(scan.readFile())), database, 0, 0, false));
            return;
        }
        select(scan.database(), out);
        scan.ask(out);
        pipeline.add(Pipeline.SCAN);
        // it leaves before the DUMPs are spelled: over a distance each page waits for the SCAN of the next one
        out.flush();
    }

    /** They leave the changes before they are asked for: what changes from now on is read once more. */
    private void takeChanged(Changes from) {
        SourceNode one = node;
        int most = options.count();
        KeyList changed = one == null ? from.take(most) : one.takeChanged(most);
        boolean told = changed.size() > 0;
        KeyList suspects = told ? KeyList.of() : one == null ? from.takeSuspects(most) : one.takeSuspects(most);
        KeyList keys = named(told ? changed : suspects);
        for (KeyScan.Database database : scan.databases()) {
            int number = database.number();
            take(
                    told
                            ? Segment.ofChanged(keys, number, scan.cursor())
                            : Segment.ofSuspects(keys, number, scan.cursor()));
        }
    }

    private void select(int database, RespWriter out) throws IOException {
        if (database != connection.database()) {
            // a PTTL is dated by the TIME on the same side of it
            if (!features.exactExpiry() && pipeline.endsWithKey()) {
                askTime(out);
            }
            connection.writeSelect(database);
            pipeline.add(Pipeline.SELECT);
        }
    }

    private boolean askQuestions(KeySieve questions, RespWriter out) throws IOException {
        boolean asked = false;
        for (Segment segment = questions.unasked(); segment != null; segment = questions.unasked()) {
            if (!asked && !features.exactExpiry() && pipeline.endsWithKey()) {
                askTime(out);
            }
            select(segment.database(), out);
            for (int i = questions.ask(segment, out); i > 0; i--) {
                pipeline.add(Pipeline.QUESTIONS);
            }
            asked = true;
        }
        return asked;
    }

    private void askFor(Segment segment, RespWriter out) throws IOException {
        if (!features.exactExpiry() && (bytesSinceTime >= BYTES_BETWEEN_TIMES || !pipeline.endsWithKey())) {
            askTime(out);
        }
        int i = segment.ask();
        pace.asked(1);
        KeyList keys = segment.keys();
        if (features.usage() != null) {
            SourceFeatures.askUsage(features.usage(), out, keys, i);
        }
        out.raw(features.expiryCommand(), 0, features.expiryCommand().length);
        out.arg(keys.array(), keys.offset(i), keys.length(i));
        out.raw(SourceFeatures.DUMP, 0, SourceFeatures.DUMP.length);
        out.arg(keys.array(), keys.offset(i), keys.length(i));
        pipeline.add(Pipeline.KEY);
        bytesSinceTime += window.expected();
    }

    private void askTime(RespWriter out) throws IOException {
        out.command(1).arg("TIME");
        pipeline.add(Pipeline.TIME);
        bytesSinceTime = 0;
    }

    // --- reading ---

    /** Takes the next reply; false if it was that of a SCAN, or of questions, and brought nothing to read. */
    private boolean read() throws IOException {
        if (pipeline.isEmpty()) {
            if (scan.isFile() || changes != null) {
                return false;
            }
            throw new IllegalStateException(
                    "nothing was asked for, " + segments.size() + " segments, cursor " + scan.cursor());
        }
        return switch (pipeline.remove()) {
            case Pipeline.SCAN -> readScan();
            case Pipeline.TIME -> {
                readTime();
                yield true;
            }
            case Pipeline.SELECT -> {
                connection.readSelect();
                yield true;
            }
            case Pipeline.QUESTIONS -> readAnswers();
            default -> {
                readKey();
                yield true;
            }
        };
    }

    private boolean readScan() throws IOException {
        ScanReply reply = ScanReply.read(connection, scan.mostNameBytes());
        if (reply.cut()) {
            scan.askFewer();
            return true;
        }
        refused.addAll(reply.tooLong());
        Segment segment = new Segment(named(here(reply.keys())), scan.database(), scan.cursor(), 0, false);
        scan.answered(reply.cursor());
        return take(segment);
    }

    /** Keys whose names are taken come next; false if there are none. */
    private boolean take(Segment segment) {
        if (segment.keys().size() == 0) {
            return false;
        }
        if (sieve == null) {
            return takeForDump(segment);
        }
        sieve.add(segment);
        return true;
    }

    private boolean takeForDump(Segment segment) {
        KeyList keys = landed(segment.keys(), segment.database());
        if (keys.size() == 0) {
            return false;
        }
        Segment taken = keys == segment.keys() ? segment : segment.with(keys);
        // where only a payload tells a key's size, a name alone does not do
        if (options.values() || payloadSizes != null) {
            segments.add(taken);
        } else {
            pace.asked(keys.size());
            finished.add(new PageBuilder(taken, clockOffset(), 0, true).names(taken));
        }
        return true;
    }

    /** Those that are not beyond the sample, and whose name at the target is free. */
    private KeyList landed(KeyList given, int database) {
        if (given.size() == 0) {
            return given;
        }
        KeyList keys = scan.sample(given);
        return landings == null ? keys : landings.land(keys, database, refused);
    }

    private boolean readAnswers() throws IOException {
        KeySieve asked = Objects.requireNonNull(sieve);
        Segment taken = asked.read(connection);
        if (taken == null) {
            return true;
        }
        filtered += asked.takeLeftOut();
        for (byte[] key : asked.takeRefused()) {
            refused.add(new Refusal(key, Objects.requireNonNull(landings).cause(key, taken.database())));
        }
        KeyList big = landed(asked.takeBig(), taken.database());
        if (changes != null && taken.isChanged()) {
            changes.found(big.size());
        }
        if (big.size() > 0) {
            postponed.add(Reread.byParts(big, taken.database(), taken.cursor()));
        }
        return takeForDump(taken) || big.size() > 0;
    }

    /** A node's names in slots that are read of others are nobody's readings: they are not counted. */
    private KeyList here(KeyList scanned) {
        return node == null ? scanned : node.keep(scanned);
    }

    private KeyList named(KeyList scanned) {
        KeyList given = TemporaryKeys.without(scanned);
        KeyNames names = options.selection().names();
        KeyList kept = names == null ? given : names.keep(given);
        filtered += given.size() - kept.size();
        return kept;
    }

    private void readTime() throws IOException {
        long now = clock.microsOr(connection.in().reply());
        if (building != null) {
            building.date(lastTime, now);
        }
        lastTime = now;
        closeIfFull();
    }

    private void readKey() throws IOException {
        Segment segment = segments.element();
        RespReader in = connection.in();
        int usage = features.usage() == null ? Usage.UNKNOWN : SourceFeatures.readUsage(connection);
        long expiry = Page.NO_EXPIRY;
        ErrorReply error = null;
        byte type = in.type();
        if (type == ':') {
            expiry = in.number();
        } else if (type == '-') {
            error = new ErrorReply(in.line());
        } else {
            throw new ProtocolException("a time to live was expected, got byte " + type);
        }
        PageBuilder page = building(segment);
        page.used(usage);
        switch (in.type()) {
            case '$' -> {
                long length = in.bulkLength();
                if (error == null) {
                    readPayload(in, length, expiry, segment, page);
                } else {
                    // a payload without its expiry would live for ever
                    skipPayload(in, length);
                    refuse(error, segment, page);
                }
            }
            case '_' -> {
                in.line();
                forgetStream(segment);
                page.gone(segment);
            }
            case '-' -> refuse(new ErrorReply(in.line()), segment, page);
            default -> throw new ProtocolException("DUMP was answered by something else than a payload");
        }
        if (segment.isRead()) {
            page.endOfSegment();
        }
        closeIfFull();
    }

    private void refuse(ErrorReply error, Segment segment, PageBuilder page) {
        if (node != null && error.isRedirection()) {
            node.stray(segment.nextKey());
            page.leaveOut(segment);
            return;
        }
        if (error.isPassing() || error.deniesCommand()) {
            throw refusal("DUMP", error);
        }
        refuse(segment, "the source refused to dump it: " + ErrorText.refusedKey(error));
        page.leaveOut(segment);
    }

    private void refuse(Segment segment, String cause) {
        refused.add(new Refusal(segment.nextKey(), cause + options.databases().named(segment.database())));
    }

    private void readPayload(RespReader in, long length, long expiry, Segment segment, PageBuilder page)
            throws IOException {
        if (length < 0 || expiry == SourceFeatures.EXPIRY_OF_MISSING) {
            skipPayload(in, length);
            forgetStream(segment);
            page.gone(segment);
            return;
        }
        window.seen(length);
        pace.came(length);
        if (payloadSizes != null && !payloadSizes.includes(length)) {
            in.skipBulk(length);
            filtered++;
            page.leaveOut(segment);
            return;
        }
        if (changes != null && segment.isChanged()) {
            changes.found(1);
        }
        if (fits(length, segment, page)) {
            page.add(segment, in, (int) length, expiry);
            if (changes != null && !isNews(segment, page, (int) length) && segment.isSuspect()) {
                page.dropLast();
            }
        } else {
            in.skipBulk(length);
            if (length > heapLimit() || length > LARGEST_BULK) {
                refuse(segment, tooLargeForHeap(length));
            } else {
                KeyList keys = segment.keys();
                int i = segment.next();
                postponed.add(
                        Reread.alone(keys.slice(i, i + 1), segment.database(), segment.cursor(), segment.attempt()));
            }
            page.leaveOut(segment);
        }
        int expected = Math.max(page.payloadBytes(), expectedPageBytes - (expectedPageBytes >> 8));
        // a large value says nothing of the next page, and still lies in memory itself
        expectedPageBytes = (int) Math.min(expected, options.pageBytes());
    }

    /** Whether the key that was read last is not a stream as it was. */
    private boolean isNews(Segment segment, PageBuilder page, int length) {
        int offset = page.payloadBytes() - length;
        if (!StreamsRead.isStream(page.payloads(), offset, length)) {
            return true;
        }
        byte[] key = segment.keys().get(segment.next() - 1);
        return streams.isNews(segment.database(), key, page.payloads(), offset, length);
    }

    private void forgetStream(Segment segment) {
        if (changes != null) {
            streams.forget(segment.database(), segment.nextKey());
        }
    }

    private static void skipPayload(RespReader in, long length) throws IOException {
        if (length >= 0) {
            in.skipBulk(length);
        }
    }

    private boolean fits(long length, Segment segment, PageBuilder page) {
        if (segment.alone()) {
            return length <= heapLimit() && length <= LARGEST_BULK;
        }
        return finishedBytes + page.payloadBytes() + length <= (long) ROOM_IN_WINDOWS * options.windowBytes();
    }

    private static long heapLimit() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    private static String tooLargeForHeap(long length) {
        if (length > LARGEST_BULK) {
            return "its payload has " + length + " bytes, and a Redis takes 512 MB at the most in one value";
        }
        return "its payload of " + length + " bytes does not fit the heap; set -Xmx" + (2 * length / (1024 * 1024) + 64)
                + "m";
    }

    private PageBuilder building(Segment segment) {
        if (building == null) {
            building = new PageBuilder(segment, clockOffset(), expectedPageBytes, features.exactExpiry())
                    .telling(features.usage());
        }
        return building;
    }

    /** Of the clock that expiries are told by: where only what remains is told, they were dated by one that is known. */
    private long clockOffset() {
        return features.exactExpiry() && !clock.isKnown() ? ServerClock.UNKNOWN_OFFSET : clock.offsetMicros();
    }

    private void closeIfFull() {
        PageBuilder page = building;
        if (page != null && page.isDated() && (page.isAtSegmentEnd() || page.payloadBytes() >= options.pageBytes())) {
            finishPage();
        }
    }

    private void finishPage() {
        if (building != null) {
            finished.add(building);
            finishedBytes += building.payloadBytes();
            building = null;
            window.calm();
        }
        dropFinished();
    }

    private void dropFinished() {
        while (!segments.isEmpty() && segments.element().isRead()) {
            segments.remove();
        }
    }

    private RedisException refusal(String command, ErrorReply error) {
        return ErrorText.refusal(connection.address(), command, error);
    }
}
