package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.LongRange;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages from one server: SCAN, then expiry and DUMP of each key, all in one pipeline.
 *
 * <p>The next SCAN leaves just before the DUMPs of the keys before it, so a page costs one round trip. A DUMP is asked
 * for only while the replies that are due, at the size reported of each key or lately seen, fit the window; what was
 * asked for can always be read at once by {@link #drain()}, so nothing waits in the server's output buffer. SCAN gives
 * keys in the order of their hashes, so the sizes seen predict the sizes to come.
 *
 * <p>Survives its connection: after {@link #reconnected} it asks again for what was not answered. Not thread-safe.
 */
final class PageReader {
    private static final int REPLIES_BETWEEN_ASKING = 32;

    private final KeyScan scan;
    private final RateLimiter pace;
    private final ChangedKeys changed;
    private final PayloadReader payloads;
    private final PayloadWindow window;
    private final PipelineQueue pipeline = new PipelineQueue();
    private final PageStages stages;
    private final DumpRequests requests;
    private final ReplyDispatch replies;
    private final TurnPacer turns;

    /**
     * @param queries between SCAN and DUMP; null if there are none
     * @param collisions knows why a name is not free; null if each is
     * @param changes keys to be read again beside the scan
     */
    PageReader(
            ScanPlan plan,
            KeyScan scan,
            @Nullable KeyMetadataQueries queries,
            @Nullable RenameCollisions collisions,
            ChangeLog changes,
            RateLimiter pace,
            TurnPacer turns,
            SourceSession session) {
        this.scan = scan;
        this.pace = pace;
        this.turns = turns;
        this.changed = new ChangedKeys(changes, scan.scope());
        this.window = new PayloadWindow(plan.windowBytes());
        PageAssembler pages = new PageAssembler(plan);
        this.stages = new PageStages(queries == null ? null : new KeyFilterStage(queries), pages, window, session);
        LongRange sizes = queries != null && queries.reportsSize()
                ? null
                : plan.selection().sizes();
        ShortStrings strings = new ShortStrings(readsStrings(plan, queries, sizes, changes));
        this.payloads = new PayloadReader(plan, pages, stages.unread(), window, pace, sizes, changes, strings);
        // where only a payload shows a key's size, a name alone does not do
        boolean dumps = plan.source().isValues() || sizes != null;
        KeyIntake intake = new KeyIntake(
                plan, scan, stages, pace, dumps, strings, changes.withheld().disputed());
        this.requests =
                new DumpRequests(plan, scan, stages, intake, pipeline, window, pace, turns, changed, collisions);
        this.replies = new ReplyDispatch(scan, stages, intake, pipeline, window, payloads, changes, collisions);
    }

    /** Whether keys that changed may be read as short strings: where no filter asks for more than their names. */
    private static boolean readsStrings(
            ScanPlan plan, @Nullable KeyMetadataQueries queries, @Nullable LongRange sizes, ChangeLog changes) {
        return changes.isFollowed()
                && plan.source().isValues()
                && plan.type() == null
                && sizes == null
                && (queries == null || queries.boundsAlone());
    }

    /** Takes a new connection to the same server: what was asked for and not answered is asked for again. */
    void reconnected(SourceSession session) {
        if (!session.features().equals(stages.session().features())) {
            // one page holds expiries of one kind
            stages.pages().date(-1, -1);
            stages.closePage();
        }
        stages.session(session);
        scan.unask();
        pipeline.clear();
        turns.clear();
        KeyChunk head = stages.chunks().peek();
        boolean due = head != null && head.isDue();
        stages.unask();
        if (head != null && due && window.cut(head)) {
            refuseCut(head, session);
        }
        window.clear();
        replies.forgetTime();
        stages.closeIfFull();
        stages.dropRead();
    }

    private void refuseCut(KeyChunk head, SourceSession session) {
        payloads.refuse(
                head,
                session.connection().address() + " closes the connection when it is asked to DUMP this key;"
                        + " raise its client-output-buffer-limit for normal clients");
        head.skip();
        if (head.isRead()) {
            stages.pages().endOfChunk();
        }
    }

    /** Forgets everything, so that the scan can start at its beginning. */
    void forget() {
        stages.clear();
        pipeline.clear();
        turns.clear();
        window.clear();
        payloads.forget();
    }

    void clock(ServerClock measured) {
        stages.session(stages.session().with(measured));
    }

    /** Forgets how streams were: one that is as it was before is read as changed from now on. */
    void forgetStreams() {
        payloads.forget();
    }

    KeyScan scan() {
        return scan;
    }

    /** Everything that SCAN gave before it was handed out in pages. */
    ScanPosition position() {
        return stages.earliest(scan, scan.position());
    }

    /** Whether the scan has ended and all its pages were taken. */
    boolean isAtEnd() {
        return stages.isEmpty() && scan.isEnded() && changed.isEmpty() && pipeline.isEmpty();
    }

    /** Keys that the source refused since the last call, or that no heap here can take. */
    List<Refusal> takeRefused() {
        return stages.unread().takeRefused();
    }

    /** Keys, since the last call, that must be read another way: alone, as they fit beside no others, or in parts. */
    List<RetryKeys> takePostponed() {
        return stages.unread().takePostponed();
    }

    /** Number of keys that were left out since the last call. */
    int takeFiltered() {
        return stages.unread().takeFiltered();
    }

    /** Reads these keys next, before the scan continues. */
    void enqueue(RetryKeys keys) throws IOException {
        finish();
        window.meetGently();
        KeyChunk again = KeyChunk.of(keys);
        KeyFilterStage filters = stages.filters();
        if (filters != null && again.isChanged() && !again.alone()) {
            // whether it passes the filters decides what becomes of the target's copy
            filters.add(again);
        } else {
            stages.chunks().addFirst(again);
        }
    }

    /**
     * The next page with keys; null when the scan has ended, when a SCAN gave none to read, and until the pace allows
     * it.
     */
    @Nullable
    PageData next() throws IOException {
        while (true) {
            PageData page = nextFinished();
            if (page != null || isAtEnd()) {
                return page;
            }
            requests.ask();
            if (pipeline.isEmpty() && !pace.isOpen() || !readWhatCame()) {
                return null;
            }
        }
    }

    /** While many replies are due there is nothing to ask for after each, and those that have come are read first. */
    private boolean readWhatCame() throws IOException {
        boolean more = replies.read();
        for (int i = 1; more && i < REPLIES_BETWEEN_ASKING; i++) {
            if (pipeline.size() < REPLIES_BETWEEN_ASKING
                    || stages.pages().hasWhole()
                    || !stages.session().connection().in().hasBuffered()) {
                return true;
            }
            more = replies.read();
        }
        return more;
    }

    /** The next page of what was read already; null if there is none. */
    @Nullable
    PageData nextFinished() throws IOException {
        PageAssembler pages = stages.pages();
        for (PageBuilder page = pages.first(); page != null; page = pages.first()) {
            if (page.needsTimes()) {
                drain();
                SourceSession session = stages.session();
                session.connection().select(page.database());
                page.retime(session.connection(), session.clock(), scan.scope());
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
        stages.closePage();
    }

    /** Reads every reply that is due and asks for no more. */
    void drain() throws IOException {
        while (!pipeline.isEmpty()) {
            replies.read();
        }
    }
}
