package io.camelrump;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.jspecify.annotations.Nullable;

/** A run as JMX and the developer console show it. All values are of now; of a run that has ended, of its end. */
@ManagedResource(description = "Run of the Rump component")
public final class ManagedRun {
    private final Ledger ledger;
    private final @Nullable String routeId;

    ManagedRun(Ledger ledger, @Nullable String routeId) {
        this.ledger = ledger;
        this.routeId = routeId;
    }

    @ManagedAttribute(description = "Name of the run")
    public String getMigration() {
        return ledger.migration();
    }

    @ManagedAttribute(description = "Route that reads the source")
    public @Nullable String getRouteId() {
        return routeId;
    }

    @ManagedAttribute(description = "RUNNING, STOPPING, or how the run ended")
    public String getState() {
        return ledger.state().name();
    }

    @ManagedAttribute(description = "COPYING, VERIFYING, FOLLOWING, CUTTING_OVER, UNDECIDED, CONVERGED or ENDED")
    public String getPhase() {
        return ledger.phase().name();
    }

    @ManagedAttribute(description = "Whether nothing is read until the run is resumed")
    public boolean isPaused() {
        return ledger.isPaused();
    }

    @ManagedAttribute(description = "Why the run ended otherwise than COMPLETE")
    public @Nullable String getCause() {
        return ledger.failure();
    }

    @ManagedAttribute(description = "Seconds from the start of the run, to its end if it has ended")
    public double getSeconds() {
        return elapsed().toMillis() / 1000.0;
    }

    @ManagedAttribute(description = "Keys read")
    public long getRead() {
        return ledger.counts().read();
    }

    @ManagedAttribute(description = "Keys restored")
    public long getRestored() {
        return ledger.counts().restored();
    }

    @ManagedAttribute(description = "Keys left as the target had them")
    public long getKept() {
        return ledger.counts().kept();
    }

    @ManagedAttribute(description = "Keys gone before they arrived")
    public long getVanished() {
        return ledger.counts().vanished();
    }

    @ManagedAttribute(description = "Keys left out by filters")
    public long getFiltered() {
        return ledger.counts().filtered();
    }

    @ManagedAttribute(description = "Keys deleted at the target")
    public long getDeleted() {
        return ledger.counts().deleted();
    }

    @ManagedAttribute(description = "Keys handed to a transport")
    public long getHandedOn() {
        return ledger.counts().handedOn();
    }

    @ManagedAttribute(description = "Keys that the target refused")
    public long getRefused() {
        return ledger.counts().refused();
    }

    @ManagedAttribute(description = "Keys that a comparison found to differ")
    public long getDiffering() {
        return differing().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Findings of a comparison, by cause in lower case; empty for another run. */
    Map<String, Long> differing() {
        Map<String, Long> differing = new TreeMap<>();
        ledger.differing().forEach((cause, keys) -> differing.put(cause.name().toLowerCase(Locale.ROOT), keys));
        return differing;
    }

    boolean isLive() {
        return ledger.changes() != null;
    }

    @ManagedAttribute(description = "Keys read that have no outcome yet")
    public long getInFlight() {
        return ledger.counts().inFlight();
    }

    @ManagedAttribute(description = "Pages in flight")
    public int getPagesInFlight() {
        return ledger.pagesOut();
    }

    @ManagedAttribute(description = "Bytes of keys and payloads in flight")
    public long getBytesInFlight() {
        return ledger.bytesOut();
    }

    @ManagedAttribute(description = "Share of the keyspace that was scanned, from 0 to 1")
    public double getProgress() {
        return ledger.progress();
    }

    @ManagedAttribute(description = "Keys of the source when the scan started, -1 while unknown")
    public long getSourceKeys() {
        return ledger.sourceKeys();
    }

    /** Keys of this run only: those of an earlier one that it resumes do not count. */
    @ManagedAttribute(description = "Keys per second that got an outcome, on average")
    public double getKeysPerSecond() {
        long keys = ledger.counts().settled() - ledger.earlierCounts().settled();
        long millis = elapsed().toMillis();
        return millis == 0 ? 0 : Math.round(keys * 10_000.0 / millis) / 10.0;
    }

    @ManagedAttribute(description = "Changed keys of a live run that wait to be read again")
    public long getWaiting() {
        Changes changes = ledger.changes();
        return changes == null ? 0 : changes.status().waiting();
    }

    @ManagedAttribute(description = "Milliseconds that the oldest changed key of a live run has waited")
    public long getLagMillis() {
        Changes changes = ledger.changes();
        return changes == null ? 0 : changes.status().lag().toMillis();
    }

    @ManagedOperation(description = "Reads no more; what was read still arrives, and the run ends INCOMPLETE")
    public void stopReading() {
        ledger.stopReading();
    }

    private Duration elapsed() {
        return ledger.run().elapsed();
    }
}
