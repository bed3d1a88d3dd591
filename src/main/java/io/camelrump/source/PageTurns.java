package io.camelrump.source;

import io.camelrump.Outcome;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.run.InFlightKeys;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.throttle.RateLimiter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns between the pages of a scan and those of keys that are read in parts. */
final class PageTurns {
    private final PageReader pages;
    private final PartReader parts;
    private final RateLimiter pace;
    /** Whether the scan has the next turn, where keys wait that are read in parts. */
    private boolean scansNext;

    PageTurns(PageReader pages, PartReader parts, RateLimiter pace) {
        this.pages = pages;
        this.parts = parts;
        this.pace = pace;
    }

    PageReader pages() {
        return pages;
    }

    KeyScan scan() {
        return pages.scan();
    }

    /** The next page; null also when its turn has not come. */
    @Nullable
    PageData next(SourceConnection connection) throws IOException {
        return parts.isDone() ? pages.next() : nextOfEither(connection);
    }

    /**
     * A page of the scan and one of parts in turn, so that keys which change again and again do not stop the scan; but
     * between the parts of one key nothing else is read. What was read already goes first: of two readings of a key the
     * later one must come later.
     */
    private @Nullable PageData nextOfEither(SourceConnection connection) throws IOException {
        boolean turn = scansNext && parts.isBetweenKeys();
        scansNext = !turn;
        if (turn) {
            PageData page = pages.next();
            if (page != null) {
                return page;
            }
        }
        pages.finish();
        PageData earlier = pages.nextFinished();
        return earlier == null ? nextParts(connection) : earlier;
    }

    /** The next page of parts; null also when its turn has not come. */
    private @Nullable PageData nextParts(SourceConnection connection) throws IOException {
        if (!pace.open()) {
            return null;
        }
        SourceSession session = connection.session();
        PageData page = parts.next(session.connection(), session.features(), session.clock());
        if (page != null) {
            pace.asked(page.form() == PageForm.PART ? 0 : page.size());
            pace.came(page.bytes());
        }
        return page;
    }

    /** Leaves out the rest of the key whose first part was handed out last. */
    void leaveOut() {
        parts.leaveOut();
    }

    /** Reports the keys that came in no page since the last call. */
    void reportUnread(Run run, ScanEpoch epoch) {
        parts.takeRefused().forEach(run.sources()::refuse);
        parts.takePostponed().forEach(run.pages()::postpone);
        pages.takeRefused().forEach(run.sources()::refuse);
        pages.takePostponed().forEach(run.pages()::postpone);
        run.pages().leaveOut(Outcome.FILTERED, pages.takeFiltered(), epoch);
    }

    void enqueue(RetryKeys keys) throws IOException {
        if (keys.byParts()) {
            pages.finish();
            parts.enqueue(keys);
        } else {
            pages.enqueue(keys);
        }
    }

    boolean isAtEnd() {
        return parts.isDone() && pages.isAtEnd();
    }

    /** Whether something else may be read next: the parts of a key follow each other. */
    boolean isBetweenKeys() {
        return parts.isBetweenKeys();
    }

    /** Everything before it has its outcome. */
    ScanPosition position(Run run) {
        KeyScan scan = pages.scan();
        ScanPosition first = parts.earliest(scan, pages.position());
        for (InFlightKeys out : run.pages().keys()) {
            if (scan.scope().wants(out.keys())) {
                first = scan.earlier(first, out.position());
            }
        }
        return first;
    }

    /** Begins again what was being read when the connection broke. */
    void reconnected(SourceSession session) {
        pages.reconnected(session);
        parts.reconnected();
    }

    /** Forgets everything, so that the scan can start at its beginning. */
    void forget() {
        pages.forget();
        parts.forget();
    }
}
