package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes pages to one server, or to one master of a cluster, and enters what became of each key.
 *
 * <p>{@link #write} sends and reads all replies; {@link #send} and {@link #settle} do so apart, where nothing must be
 * asked of the target before or after. Guarded by its producer's lock, but for what says that any thread may ask.
 */
public final class Target implements AutoCloseable {
    private static final int NAMES_AT_ONCE = 1_000;

    private final TargetConnection server;
    private final TargetIdentity identity;
    private final TargetRuns runs;
    private final Deletions deletions;
    private final TargetFarewell farewell;
    private final PageWriter writer;
    private final OwnWrites own = new OwnWrites();

    /** @param takesAnyMode whether it is used alone, even if it reports that it is a cluster node */
    Target(ServerAddress address, WritePlan plan, boolean takesAnyMode) {
        this(address, plan, new InitialKeys(), null, new LastReadWins(), new TemporaryKeys(), takesAnyMode);
    }

    /**
     * One master of a cluster, which shares with the others what is known of keys whose slots may move.
     *
     * @param own its own part of what they held
     */
    Target(
            ServerAddress address,
            WritePlan plan,
            InitialKeys initial,
            InitialKeys.Place own,
            LastReadWins order,
            TemporaryKeys temporaries) {
        this(address, plan, initial, own, order, temporaries, true);
    }

    private Target(
            ServerAddress address,
            WritePlan plan,
            InitialKeys initial,
            InitialKeys.@Nullable Place ofMaster,
            LastReadWins order,
            TemporaryKeys temporaries,
            boolean takesAnyMode) {
        this.identity = new TargetIdentity(ofMaster == null ? initial.expect() : ofMaster);
        this.runs = new TargetRuns(plan, identity, ofMaster != null);
        this.deletions = new Deletions(initial, plan.target().isPrune());
        WriteCount written = new WriteCount(plan.target().isDryRun());
        TargetProcess process = new TargetProcess(plan, identity, runs, temporaries);
        this.server = new TargetConnection(address, process, plan.server().getRetryFor(), runs, written, takesAnyMode);
        this.farewell = new TargetFarewell(
                server, identity, runs, temporaries, plan.target().isDryRun());
        this.writer = new PageWriter(
                plan,
                server,
                identity,
                runs,
                deletions,
                order,
                written,
                new PipelineFactory(plan, process, identity, deletions, temporaries, own),
                new RestoreErrors(plan, ofMaster != null, written));
    }

    /** Connects; a target that cannot be written at all is refused here. */
    void open() throws IOException {
        server.open();
    }

    TargetConnection server() {
        return server;
    }

    /** Address of its server. Any thread may ask. */
    public ServerAddress address() {
        return server.address();
    }

    /** Keys that this program has written here. Any thread may ask. */
    OwnWrites own() {
        return own;
    }

    InitialKeys.Place initial() {
        return identity.initial();
    }

    /** Connects where it could not be asked at the start what it holds; no reply may be due. */
    void lookAt() throws TransientTargetException, TargetClosedException, InterruptedException {
        if (!identity.initial().isKnown()) {
            server.connected(current -> true);
        }
    }

    // --- runs ---

    /** Runs that this target takes part in. */
    Set<Run> runs() {
        return runs.all();
    }

    /** A run that another process reads writes here too, and hears if this is another process than before. */
    public void join(Run run) {
        runs.join(run);
    }

    /** Whether this run may write here. */
    boolean isBegun(Run run) {
        return runs.isBegun(run);
    }

    /** Makes ready for a run, which is refused where it would do harm; no reply may be due. */
    void begin(Run run) throws TransientTargetException, TargetClosedException, InterruptedException {
        runs.join(run);
        server.connected(current -> {
            server.process().begin(address(), current);
            return true;
        });
    }

    // --- pages ---

    /**
     * Writes these pages and reads all replies; keys that have their outcome already are left out.
     *
     * @param asking whether the slots of these keys are still migrating to this master of a cluster
     * @param report what was written is added here, also before a failure
     * @return keys to be written at other masters; null if there are none
     */
    @Nullable
    Redirection write(List<PageData> pages, boolean asking, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        return writer.write(pages, asking, report);
    }

    /** Whether these pages may be sent behind others: nothing must be asked of the target before or after them. */
    public boolean canPipeline(List<PageData> pages) {
        return writer.canPipeline(pages);
    }

    /** Sends these pages; the replies must be read, and then settled by {@link SlotRedirects#settle}. */
    public SentPipeline send(List<PageData> pages) throws TransientTargetException, TargetClosedException {
        return writer.send(pages);
    }

    /**
     * Enters what the target answered to a batch, also if its replies end with a failure.
     *
     * @return keys to be written at other masters; null if there are none
     */
    @Nullable
    Redirection settle(SentPipeline batch, @Nullable Exception failure, WriteReport report)
            throws TransientTargetException, TargetClosedException {
        return writer.settle(batch, failure, report);
    }

    // --- deletes ---

    /**
     * Whether a key that is gone at a followed source is deleted here, unless it is the target's own. Any thread may
     * ask.
     */
    public boolean deletes() {
        return identity.isKnown() && deletions.areFollowed();
    }

    /** Whether no key that is gone at a followed source is deleted here. Any thread may ask. */
    public boolean withholdsDeletes() {
        return identity.isKnown() && !deletions.areFollowed();
    }

    Deletions deletions() {
        return deletions;
    }

    /** Some names that are not the target's own, from the cursor on; after a failure the connection is closed. */
    ScanReply names(Cursor cursor) throws IOException {
        boolean inStep = false;
        try {
            ScanReply reply = ScanReply.of(server.connection(), cursor, NAMES_AT_ONCE);
            inStep = true;
            return reply.with(deletions.without(reply.keys()));
        } finally {
            server.closeUnless(inStep);
        }
    }

    // --- the end ---

    /**
     * Asks a master that has no slots any more, before it is forgotten, whether it kept what it confirmed and gave it
     * away.
     *
     * @return why that is not so, or cannot be known; null if nothing speaks against it
     */
    @Nullable
    String objectionToLeave() throws TargetClosedException {
        return farewell.objection();
    }

    /** Asks the target at the end of a run whether it is still the process that confirmed, and has kept all. */
    public boolean confirm() throws TransientTargetException, TargetClosedException, InterruptedException {
        return farewell.confirm();
    }

    /** Removes what was put together of keys whose run has ended; what cannot be removed now expires. */
    public void discardTemporaries() {
        farewell.discardTemporaries();
    }

    /** Ends a read or a write that waits for the target, as the producer stops. Any thread may call it. */
    public void interrupt() {
        server.interrupt();
    }

    /** Bytes that the target took on this connection. Any thread may ask. */
    public long bytesSent() {
        return server.bytesSent();
    }

    @Override
    public String toString() {
        return server.address().toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
