package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.CutoverDirection;
import io.camelrump.Outcome;
import io.camelrump.Refusal;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that a run reads, as its reader found them.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class RunSources {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final String runId = UUID.randomUUID().toString();
    private final RunLock lock;
    private final RunReport report;
    private final EqualStart equalStart;
    private final BigKeys bigKeys = new BigKeys();

    /** The one that was found last comes last. */
    @GuardedBy("lock")
    private List<SourceIdentity> found = List.of();

    private volatile @Nullable RemoteReading remote;
    private volatile List<NodeProgress> nodes = List.of();

    RunSources(RunLock lock, RunReport report) {
        this.lock = lock;
        this.report = report;
        this.equalStart = new EqualStart(lock);
    }

    /** Identifier of this reading, unique among all: another process knows the pages by it. */
    public String runId() {
        return runId;
    }

    /** How the run begins whose targets hold what its source does. */
    public EqualStart equalStart() {
        return equalStart;
    }

    /** Where the cutover of this run leads the clients. */
    public CutoverDirection direction() {
        return equalStart.isExpected() ? CutoverDirection.BACK : CutoverDirection.FORWARD;
    }

    /** Big keys that wait for the cutover of a live run. */
    public BigKeys bigKeys() {
        return bigKeys;
    }

    /**
     * Enters a server that was found, instead of the one before it at its address.
     *
     * @param keys of all the source
     */
    public void found(SourceIdentity identity, long keys) {
        lock.change(() -> {
            found = Stream.concat(
                            found.stream().filter(known -> !known.address().equals(identity.address())),
                            Stream.of(identity))
                    .toList();
            report.sourceKeys(keys);
        });
    }

    /** Counts that one of several servers is another one than before, and it alone is scanned again. */
    public void nodeRestarted(String reason) {
        lock.change(() -> {
            LOG.warn("{}: the slots that were read of it are scanned again", reason);
            report.tally().nodeRestarted();
        });
    }

    /** Counts a key that cannot travel at all. */
    public void refuse(Refusal refusal) {
        lock.change(() -> {
            report.tally().read(1, 0);
            report.tally().count(Outcome.REFUSED, 1);
            report.tally().note(refusal);
        });
    }

    /** Books of a run that another process reads; null if this one does. */
    public @Nullable RemoteReading remote() {
        return remote;
    }

    /** Says that another process reads, and this one gets its pages from a transport. */
    public RemoteReading receive() {
        RemoteReading receiving = new RemoteReading(lock, report);
        remote = receiving;
        return receiving;
    }

    /** The consequence of a restart, which voids all that was confirmed, as the end of a sentence. */
    String afterRestart() {
        return remote == null
                ? "the scan restarts from the beginning"
                : "what was written there is void, and has to come from the transport once more";
    }

    /** The server that was found last; null before the first is found. */
    public @Nullable SourceIdentity last() {
        List<SourceIdentity> known = all();
        return known.isEmpty() ? null : known.get(known.size() - 1);
    }

    /** Takes how far each node of a cluster is scanned. */
    public void scanned(List<NodeProgress> now) {
        nodes = now;
    }

    /** How far each node of a cluster is scanned; none of another source. */
    public List<NodeProgress> nodes() {
        return nodes;
    }

    /** The servers that are read: another list once another one is found. */
    public List<SourceIdentity> all() {
        return lock.locked(() -> found);
    }
}
