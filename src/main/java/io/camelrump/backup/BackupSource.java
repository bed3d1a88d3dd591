package io.camelrump.backup;

import io.camelrump.Outcome;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.files.FileAddress;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.RateLimiter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file as it reads a server: page by page, and the keys of a page that failed once more.
 *
 * <p>What stands in front of a damaged place is read, and the run ends incomplete then; so it does where the file says
 * that it lacks something.
 */
public final class BackupSource implements PageSource {
    /** Longest wait before the consumer looks whether it was stopped. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FileAddress file;
    private final BackupPlan plan;
    private final RenameCollisions collisions;
    private final RateLimiter pace;
    private final Run run;
    private final BackupBytes bytes;
    private final SampleLimit sample;
    private final PartCopies copies;
    private final TakenPages taken;
    private final KeptPages kept = new KeptPages();
    private final Rereads rereads;
    private final long openedAt = ServerClock.unknown().nowMillis();
    /** Pages that are next, before more of the file is read. */
    private final Deque<PageData> ahead = new ArrayDeque<>();

    private BackupPages pages;
    private ScanEpoch epoch;
    private int clockSteps;
    private boolean ended;
    /** Keys that were deleted at the server while the file was written. */
    private long deleted;

    private BackupSource(BackupPlan plan, RenameCollisions collisions, RateLimiter pace, Run run, BackupBytes bytes)
            throws IOException {
        this.file = plan.file();
        this.plan = plan;
        this.collisions = collisions;
        this.pace = pace;
        this.run = run;
        this.bytes = bytes;
        this.sample = new SampleLimit(plan.scan().selection().sample());
        this.copies = new PartCopies(run.sources().runId());
        this.taken = new TakenPages(plan, copies, sample);
        this.rereads = new Rereads(plan.file(), bytes.canRewind(), kept, copies, run);
        this.epoch = run.epoch();
        this.pages = begin();
    }

    /**
     * Opens a file for a run.
     *
     * @throws io.camelrump.UsageException if it cannot be read
     * @throws RedisException a permanent one if it is another kind of file
     */
    public static BackupSource open(BackupPlan plan, RenameCollisions collisions, RateLimiter pace, Run run) {
        BackupBytes bytes = null;
        BackupSource opened = null;
        try {
            bytes = BackupBytes.open(plan.file());
            opened = new BackupSource(plan, collisions, pace, run, bytes);
            return opened;
        } catch (IOException e) {
            throw unreadable(plan.file(), e);
        } finally {
            if (opened == null && bytes != null) {
                bytes.closeQuietly();
            }
        }
    }

    static RedisException unreadable(FileAddress file, IOException e) {
        return RedisException.permanentError(file + " cannot be read: " + BackupErrors.text(e) + ".");
    }

    private BackupPages begin() throws IOException {
        epoch = run.epoch();
        clockSteps = run.clockSteps().count();
        BackupPages begun = pages(file, bytes, openedAt);
        collisions.askNothing();
        collisions.begin(epoch, plan.databases());
        run.sources().found(plan.identity(collisions.origins()), -1);
        run.targets().functions(null);
        sample.restart();
        taken.restart();
        ended = false;
        deleted = 0;
        return begun;
    }

    /** The pages of a file, whose first bytes show that it has the form that it is said to have. */
    static BackupPages pages(FileAddress file, BackupBytes bytes, long readAt) throws IOException {
        String objection = OtherFiles.objection(bytes.head(), file);
        if (objection != null) {
            throw RedisException.permanentError(file + " is no backup: " + objection + ".");
        }
        return file.form() == FileAddress.Form.RUMP1
                ? new Rump1Pages(bytes.stream(), readAt)
                : new WirePages(bytes.stream());
    }

    // --- reading ---

    @Override
    public @Nullable PageData next() throws InterruptedException {
        if (!epoch.equals(run.epoch())) {
            restart();
        }
        List<Cursor> wanted = rereads.places();
        ahead.forEach(page -> wanted.add(page.origin().cursor()));
        kept.dropSettled(run.pages(), wanted, copies::arrived);
        PageData page = ahead.isEmpty() ? rereads.next() : ahead.poll();
        if (page != null || ended) {
            return page;
        }
        if (kept.bytes() > plan.mostKeptBytes()) {
            // keys that differ, or were not taken, wait to be looked at again: more of them would fill the heap
            run.awaitChange();
            return null;
        }
        if (!pace.open()) {
            run.pause(Math.min(PAUSE_NANOS, pace.nanosLeft()));
            return null;
        }
        return readNext();
    }

    private @Nullable PageData readNext() {
        try {
            PageData page = pages.next();
            if (page == null) {
                end(pages.missing());
                return ahead.poll();
            }
            return take(page);
        } catch (IOException e) {
            end(BackupErrors.damage(e, pages.offset(), bytes.arePacked()));
            return ahead.poll();
        }
    }

    private @Nullable PageData take(PageData page) {
        TakenPages.Taken of = taken.of(page);
        run.pages().leaveOut(Outcome.FILTERED, of.filtered(), epoch);
        of.refusals().forEach(run.sources()::refuse);
        PageData some = of.page();
        if (sample.isComplete() && taken.unfinished() == 0) {
            ended = true;
        }
        if (some == null) {
            return null;
        }
        collisions.add(List.of(new SourceDatabase(some.database(), -1)));
        deleted += deletes(some);
        PageData landed = collisions.land(some, new BitSet(), run, () -> taken.leaveOut(page));
        if (landed != null) {
            pace.asked(landed.size());
            pace.came(landed.bytes());
            kept.keep(landed);
        }
        return landed;
    }

    private static long deletes(PageData page) {
        boolean follows = page.origin().stamp() != null && page.origin().stamp().deletes();
        return follows ? IntStream.range(0, page.size()).filter(page::isGone).count() : 0;
    }

    /** Nothing more of the file is read. */
    private void end(@Nullable String lacking) {
        ended = true;
        int unfinished = taken.unfinished();
        ahead.addAll(taken.takeUnfinished());
        String parts = unfinished == 0
                ? ""
                : "; of " + unfinished + (unfinished == 1 ? " large key" : " large keys")
                        + " it does not have all parts";
        if (lacking != null || unfinished > 0) {
            run.report()
                    .leavesOut(file + " is not a complete backup: "
                            + (lacking == null ? "its end is there" : lacking) + parts
                            + ". What was whole in it was read.");
        }
        String remark = pages.remark();
        if (remark != null) {
            run.report().remark(file + ": " + remark);
        }
    }

    private void restart() {
        if (!bytes.canRewind()) {
            throw RedisException.permanentError((file.isStandard() ? "standard input" : file.toString())
                    + " cannot be read once more from its beginning, as is needed now: put it into a file, and read"
                    + " that.");
        }
        try {
            bytes.rewind();
            ahead.clear();
            kept.clear();
            rereads.clear();
            pages = begin();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    // --- reading again ---

    @Override
    public void enqueue(RetryKeys reread) {
        ahead.addAll(rereads.pages(reread));
    }

    // --- where it stands ---

    @Override
    public double progress() {
        return ended ? 1 : bytes.share();
    }

    @Override
    public ScanEpoch epoch() {
        return epoch;
    }

    @Override
    public int database() {
        return plan.scan().databases().first();
    }

    @Override
    public boolean isAtEnd() {
        return isScanEnded() && ahead.isEmpty() && rereads.isEmpty();
    }

    @Override
    public boolean isScanEnded() {
        return ended && epoch.equals(run.epoch());
    }

    /** A clock of the target that was set moves what was written with an expiry: it is all written once more. */
    @Override
    public boolean isStillTheServer() {
        if (clockSteps != run.clockSteps().count()) {
            run.restart("A clock was set");
        }
        if (deleted > 0 && run.targets().states().values().stream().anyMatch(target -> !target.wasEmpty())) {
            run.report()
                    .remark(deleted + " keys of " + file + " were deleted while it was written: a target that held keys"
                            + " before keeps what it has under their names, unless it has prune=true");
        }
        return isAtEnd();
    }

    @Override
    public void scanAgain() {
        restart();
    }

    // --- what a file has not ---

    @Override
    public boolean follow(Map<ServerAddress, Set<Integer>> found) {
        return false;
    }

    @Override
    public List<Checkpoint.SourceState> states() {
        return List.of();
    }

    @Override
    public void drain() {
        // nothing was asked for
    }

    @Override
    public @Nullable Functions functions() {
        return null;
    }

    @Override
    public List<TargetNameIndex.Source> absent(KeyList names, int targetDatabase) {
        return List.of();
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public List<ServerAddress> servers() {
        return List.of();
    }

    @Override
    public void close() {
        rereads.clear();
        bytes.closeQuietly();
    }
}
