package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.NameFilter;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.NameLimit;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages from one server: SCAN, then expiry and DUMP of each key, all in one pipeline.
 *
 * <p>The next SCAN leaves just before the DUMPs of the keys before it, so a page costs one round trip. A DUMP is asked for
 * only while the replies that are due, at the size told of each key or lately seen, fit the window; what was asked for can
 * always be read at once by {@link #drain()}, so nothing waits in the server's output buffer. SCAN gives keys in the
 * order of their hashes, so the sizes seen predict the sizes to come.
 *
 * <p>Survives its connection: after {@link #reconnected} it asks again for what was not answered. Not thread-safe.
 */
final class PageReader {
    /** Below 7.0 TIME goes before so many expected bytes, to date the PTTLs between. */
    private static final int BYTES_BETWEEN_TIMES = 256 * 1024;

    private static final int REPLIES_BETWEEN_ASKING = 32;

    /** The keys being read, those being asked for, and those of the next SCAN. */
    private static final int SEGMENTS_AHEAD = 3;
    /** The next keys are asked for only while the names of those before take less than this. */
    private static final long NAME_BYTES_AHEAD = Math.min(4L * 1024 * 1024, NameLimit.bytes());

    private final ScanPlan options;
    private final Deque<KeyChunk> segments = new ArrayDeque<>();
    private final PageAssembler pages;
    private final PayloadReader payloads;
    private final UnreadKeys aside = new UnreadKeys();
    private final PipelineQueue pipeline = new PipelineQueue();
    private final PayloadWindow window;
    private final RateLimiter pace;
    private final KeyScan scan;
    /** The questions between SCAN and DUMP; null if there are none. */
    private final @Nullable KeyFilterStage sieve;
    /** Tells why a name is not free; null if each is. */
    private final @Nullable RenameCollisions landings;
    /** Keys to be read again beside the scan; null if no change is followed. */
    private final @Nullable ChangeLog changes;
    /** Null where the source is no cluster. */
    private @Nullable NodeAssignment node;

    private SourceSession link;
    private long bytesSinceTime;
    private long lastTime = -1;
    /** Whether the scan has the next turn, where keys that changed wait too. */
    private boolean scansNext;

    PageReader(
            ScanPlan options,
            KeyScan scan,
            @Nullable KeyMetadataQueries questions,
            @Nullable RenameCollisions landings,
            @Nullable ChangeLog changes,
            RateLimiter pace,
            SourceSession session) {
        this.options = options;
        this.scan = scan;
        this.landings = landings;
        this.changes = changes;
        this.sieve = questions == null ? null : new KeyFilterStage(questions);
        this.window = new PayloadWindow(options.windowBytes());
        this.pace = pace;
        this.link = session;
        this.pages = new PageAssembler(options);
        this.payloads = new PayloadReader(
                options,
                pages,
                aside,
                window,
                pace,
                questions != null && questions.tellSize()
                        ? null
                        : options.selection().sizes(),
                changes);
    }

    /** Takes a new connection to the same server: what was asked for and not answered is asked for again. */
    void reconnected(SourceSession session) {
        if (!session.features().equals(link.features())) {
            // one page holds expiries of one kind
            pages.date(-1, -1);
            finishPage();
        }
        link = session;
        scan.unask();
        pipeline.clear();
        KeyChunk head = segments.peek();
        boolean due = head != null && head.isDue();
        segments.forEach(KeyChunk::unask);
        if (sieve != null) {
            sieve.unask();
        }
        if (head != null && due && window.cut(head)) {
            payloads.refuse(
                    head,
                    link.connection().address() + " closes the connection when it is asked to DUMP this key;"
                            + " raise its client-output-buffer-limit for normal clients");
            head.skip();
            if (head.isRead()) {
                pages.endOfSegment();
            }
        }
        window.clear();
        lastTime = -1;
        pages.date(-1, -1);
        closeIfFull();
        dropRead();
    }

    /** Forgets everything, so that the scan can start at its beginning. */
    void forget() {
        if (sieve != null) {
            sieve.clear();
        }
        segments.clear();
        pages.clear();
        pipeline.clear();
        window.clear();
        aside.clear();
        payloads.forget();
    }

    /** Reads of this node of a cluster. */
    void of(@Nullable NodeAssignment one) {
        node = one;
    }

    void clock(ServerClock newClock) {
        link = link.with(newClock);
    }

    /** A stream that is as it was before is news from now on. */
    void forgetStreams() {
        payloads.forget();
    }

    KeyScan scan() {
        return scan;
    }

    /** Everything that SCAN gave before it was handed out in pages. */
    ScanPosition position() {
        ScanPosition first = scan.position();
        for (KeyChunk segment : segments) {
            first = scan.earlier(first, segment.position());
        }
        first = pages.earliest(scan, first);
        for (KeyChunk segment : sieve == null ? List.<KeyChunk>of() : sieve.waiting()) {
            first = scan.earlier(first, segment.position());
        }
        return aside.earliest(scan, first);
    }

    /** Whether the scan has ended and all its pages were taken. */
    boolean isAtEnd() {
        return segments.isEmpty()
                && !pages.hasWhole()
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
        return aside.takeRefused();
    }

    /** Keys, since the last call, that must be read another way: alone, as they fit beside no others, or in parts. */
    List<RetryKeys> takePostponed() {
        return aside.takePostponed();
    }

    /** Number of keys that were left out since the last call. */
    int takeFiltered() {
        return aside.takeFiltered();
    }

    /** Reads these keys next, before the scan goes on. */
    void enqueue(RetryKeys reread) throws IOException {
        finish();
        window.meetGently();
        KeyChunk again = KeyChunk.of(reread);
        if (sieve != null && again.isChanged() && !again.alone()) {
            // whether it passes the filters decides what becomes of the target's copy
            sieve.add(again);
        } else {
            segments.addFirst(again);
        }
    }

    /** The next page with keys; null when the scan has ended, when a SCAN gave none to read, and until the pace allows it. */
    @Nullable
    PageData next() throws IOException {
        while (true) {
            PageData page = nextFinished();
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
                    || pages.hasWhole()
                    || !link.connection().in().hasBuffered()) {
                return true;
            }
            more = read();
        }
        return more;
    }

    /** The next page of what was read already; null if there is none. */
    @Nullable
    PageData nextFinished() throws IOException {
        for (PageBuilder page = pages.first(); page != null; page = pages.first()) {
            if (page.needsTimes()) {
                drain();
                link.connection().select(page.database());
                page.retime(link.connection(), link.clock(), node);
            }
            pages.removeFirst();
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
        boolean wantsScan = (scan.isReady() || hasChanges())
                && isRoomAhead()
                && (options.source().isValues() || pace.isOpen());
        KeyChunk newest = segments.peekLast();
        if (!wantsScan && (newest == null || !newest.hasUnasked()) && (sieve == null || !sieve.hasUnasked())) {
            return;
        }
        RespWriter out = link.connection().out();
        boolean asked = false;
        if (wantsScan) {
            askForKeys(out);
        }
        if (window.isOpen() && pace.room(2 * pipeline.keys(), window.expected()) > 0) {
            asked = askForPayloads(out);
        }
        if (sieve != null) {
            asked |= askQuestions(sieve, out);
        }
        if (asked) {
            dateKeys(out);
            out.flush();
            pace.sent();
        }
    }

    /** In the order of the keys, as far as there is room. */
    private boolean askForPayloads(RespWriter out) throws IOException {
        int room = pace.room(pipeline.keys(), window.expected());
        boolean asked = false;
        for (KeyChunk segment : segments) {
            while (segment.hasUnasked()) {
                if (room == 0 || !window.hasRoom(segment.toldOfUnasked())) {
                    return asked;
                }
                select(segment.database(), out);
                askFor(segment, out);
                asked = true;
                room--;
            }
            dateKeys(out);
        }
        return asked;
    }

    /** Names take memory too, and may be long. */
    private boolean isRoomAhead() {
        long names = KeyChunk.nameBytes(segments) + (sieve == null ? 0 : sieve.nameBytes());
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
            take(new KeyChunk(named(here(scan.readFile())), database, 0));
            return;
        }
        select(scan.database(), out);
        scan.ask(out);
        pipeline.add(PipelineQueue.SCAN);
        // it leaves before the DUMPs are spelled: over a distance each page waits for the SCAN of the next one
        out.flush();
    }

    /** They leave the changes before they are asked for: what changes from now on is read once more. */
    private void takeChanged(ChangeLog from) {
        NodeAssignment one = node;
        int most = options.count();
        KeyList changed = one == null ? from.take(most) : one.takeChanged(most);
        boolean told = changed.size() > 0;
        KeyList suspects = told ? KeyList.of() : one == null ? from.takeSuspects(most) : one.takeSuspects(most);
        KeyList keys = named(told ? changed : suspects);
        if (told && landings != null) {
            landings.markRivals(keys, scan.database(), from);
        }
        for (SourceDatabase database : scan.databases()) {
            int number = database.number();
            take(
                    told
                            ? KeyChunk.ofChanged(keys, number, scan.cursor())
                            : KeyChunk.ofSuspects(keys, number, scan.cursor()));
        }
    }

    private void select(int database, RespWriter out) throws IOException {
        RedisConnection connection = link.connection();
        if (database != connection.database()) {
            // a PTTL is dated by the TIME on the same side of it
            dateKeys(out);
            connection.writeSelect(database);
            pipeline.add(PipelineQueue.SELECT);
        }
    }

    private boolean askQuestions(KeyFilterStage questions, RespWriter out) throws IOException {
        boolean asked = false;
        for (KeyChunk segment = questions.unasked(); segment != null; segment = questions.unasked()) {
            if (!asked) {
                dateKeys(out);
            }
            select(segment.database(), out);
            for (int i = questions.ask(segment, out); i > 0; i--) {
                pipeline.add(PipelineQueue.QUESTIONS);
            }
            asked = true;
        }
        return asked;
    }

    private void askFor(KeyChunk segment, RespWriter out) throws IOException {
        if (!link.features().exactExpiry() && (bytesSinceTime >= BYTES_BETWEEN_TIMES || !pipeline.endsWithKey())) {
            askTime(out);
        }
        int told = segment.toldOfUnasked();
        int i = segment.ask();
        window.asked(told);
        pace.asked(1);
        KeyList keys = segment.keys();
        SourceFeatures features = link.features();
        if (features.usage() != null) {
            SourceFeatures.askUsage(features.usage(), out, keys, i);
        }
        out.raw(features.expiryCommand(), 0, features.expiryCommand().length);
        out.arg(keys.array(), keys.offset(i), keys.length(i));
        if (segment.isLeftOut(i)) {
            SourceFeatures.writeType(out);
        } else {
            SourceFeatures.writeDump(out);
        }
        out.arg(keys.array(), keys.offset(i), keys.length(i));
        pipeline.add(PipelineQueue.KEY);
        bytesSinceTime += window.expected(told);
    }

    /** Asks for the time behind the keys that were requested last, if only their remaining time is reported. */
    private void dateKeys(RespWriter out) throws IOException {
        if (!link.features().exactExpiry() && pipeline.endsWithKey()) {
            askTime(out);
        }
    }

    private void askTime(RespWriter out) throws IOException {
        out.command(1).arg("TIME");
        pipeline.add(PipelineQueue.TIME);
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
            case PipelineQueue.SCAN -> readScan();
            case PipelineQueue.TIME -> {
                readTime();
                yield true;
            }
            case PipelineQueue.SELECT -> {
                link.connection().readSelect();
                yield true;
            }
            case PipelineQueue.QUESTIONS -> readAnswers();
            default -> {
                readKey();
                yield true;
            }
        };
    }

    private boolean readScan() throws IOException {
        ScanReply reply = ScanReply.read(link.connection(), scan.mostNameBytes());
        if (reply.cut()) {
            scan.askFewer();
            return true;
        }
        reply.tooLong().forEach(aside::refuse);
        KeyChunk segment = new KeyChunk(named(here(reply.keys())), scan.database(), scan.cursor());
        scan.answered(reply.cursor());
        return take(segment);
    }

    /** Keys whose names are taken come next; false if there are none. */
    private boolean take(KeyChunk segment) {
        if (segment.keys().size() == 0) {
            return false;
        }
        if (sieve == null) {
            return takeForDump(segment);
        }
        sieve.add(segment);
        return true;
    }

    private boolean takeForDump(KeyChunk segment) {
        KeyList keys = scan.sample(segment.keys());
        if (keys.size() == 0) {
            return false;
        }
        KeyChunk taken = keys == segment.keys() ? segment : segment.with(keys);
        // where only a payload tells a key's size, a name alone does not do
        if (options.source().isValues() || payloads.tellsSizes()) {
            segments.add(taken);
        } else {
            pace.asked(keys.size());
            pages.add(new PageBuilder(taken, link.clockOffset(), 0, true).names(taken));
        }
        return true;
    }

    private boolean readAnswers() throws IOException {
        KeyFilterStage asked = Objects.requireNonNull(sieve);
        KeyChunk taken = asked.read(link.connection());
        if (taken == null) {
            return true;
        }
        aside.filter(asked.takeLeftOut());
        for (byte[] key : asked.takeRefused()) {
            aside.refuse(new Refusal(key, Objects.requireNonNull(landings).cause(key, taken.database())));
        }
        boolean more = aside.postponeBig(scan.sample(asked.takeBig()), taken, changes);
        KeyChunk followed = taken.onlyIfThere(asked.takeFollowed());
        more |= takeForDump(followed);
        more |= aside.postponeBig(asked.takeFollowedBig(), followed, changes);
        return takeForDump(taken) || more;
    }

    /** A node's names in slots that are read of others are nobody's readings: they are not counted. */
    private KeyList here(KeyList scanned) {
        return node == null ? scanned : node.keep(scanned);
    }

    private KeyList named(KeyList scanned) {
        KeyList given = TemporaryKeys.without(scanned);
        NameFilter names = options.selection().names();
        KeyList kept = names == null ? given : names.keep(given);
        aside.filter(given.size() - kept.size());
        return kept;
    }

    private void readTime() throws IOException {
        long now = link.clock().microsOr(link.connection().in().reply());
        pages.date(lastTime, now);
        lastTime = now;
        closeIfFull();
    }

    private void readKey() throws IOException {
        KeyChunk segment = segments.element();
        window.answered(segment.toldOfNext());
        payloads.read(segment, link, node);
        closeIfFull();
    }

    private void closeIfFull() {
        if (pages.closeIfFull()) {
            window.calm();
            dropRead();
        }
    }

    private void finishPage() {
        if (pages.close()) {
            window.calm();
        }
        dropRead();
    }

    private void dropRead() {
        while (!segments.isEmpty() && segments.element().isRead()) {
            segments.remove();
        }
    }
}
