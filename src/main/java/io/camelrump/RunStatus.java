package io.camelrump;

import io.camelrump.cutover.CutoverDocument;
import io.camelrump.cutover.RunOutlook;
import io.camelrump.run.NodeProgress;
import io.camelrump.run.Run;
import io.camelrump.run.RunRates;
import io.camelrump.series.WrittenNodes;
import io.camelrump.throttle.RateLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The status of a run as one document for machines. Each has all fields; what is not known is null.
 *
 * <p>Its schema is {@code src/main/docs/status.schema.json}.
 */
final class RunStatus {
    /** Grows when a field goes away or changes its meaning. */
    static final int SCHEMA_VERSION = 1;

    private static final int KEYS_SHOWN = 10;

    private final HostedRun hosted;
    private final Ledger ledger;
    private final Run run;
    private final RunOutlook outlook;
    private final Counts counts;
    private final @Nullable Changes changes;

    RunStatus(HostedRun hosted) {
        this.hosted = hosted;
        this.ledger = hosted.ledger();
        this.run = ledger.run();
        this.outlook = new RunOutlook(run, hosted.steering());
        this.counts = ledger.counts();
        this.changes = ledger.changes();
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.put("schemaVersion", SCHEMA_VERSION);
        json.put("migration", ledger.migration());
        json.put("source", hosted.source());
        json.put("phase", ledger.phase().word());
        json.put("state", ledger.state().name().toLowerCase(Locale.ROOT));
        json.put("cause", ledger.failure());
        json.put("paused", hosted.steering().isPaused());
        json.put("seconds", seconds(run.elapsed()));
        json.put("progress", ledger.progress());
        json.put("secondsLeft", outlook.secondsLeft(counts));
        json.put("sourceKeys", ledger.sourceKeys() < 0 ? null : ledger.sourceKeys());
        json.put("keys", keys(counts));
        RunRates rates = hosted.rates(counts);
        json.put("keysPerSecond", rates.keys());
        json.put("bytesPerSecond", rates.bytes());
        json.put("limits", limits(hosted.steering().limits()));
        json.put("nodes", run.sources().nodes().stream().map(RunStatus::node).toList());
        json.put(
                "targetNodes",
                ledger.recorder().written().nodes().stream()
                        .map(RunStatus::node)
                        .toList());
        json.put("differing", differing());
        json.put("verified", outlook.verified());
        json.put("live", changes == null ? null : live(changes));
        json.put("canCutOver", canCutOver());
        json.put("cutover", CutoverDocument.result(ledger.cutover()));
        json.put("leftBehind", CutoverDocument.leftBehind(hosted.steering().leftBehind()));
        json.put("rehearsal", CutoverDocument.rehearsal(hosted.steering().rehearsal()));
        json.put("operations", new RunOperations(hosted).possible());
        json.put("latency", latency());
        json.put("warnings", warnings());
        return json;
    }

    /** Keys that were found equal and have not changed since; null while nothing is compared. */
    @Nullable
    Long verified() {
        return outlook.verified();
    }

    static JsonObject keys(Counts counts) {
        JsonObject json = new JsonObject();
        json.put("read", counts.read());
        json.put("restored", counts.restored());
        json.put("kept", counts.kept());
        json.put("vanished", counts.vanished());
        json.put("filtered", counts.filtered());
        json.put("deleted", counts.deleted());
        json.put("handedOn", counts.handedOn());
        json.put("refused", counts.refused());
        json.put("inFlight", counts.inFlight());
        json.put("bytes", counts.bytes());
        return json;
    }

    private static JsonObject node(NodeProgress of) {
        JsonObject json = new JsonObject();
        json.put("address", of.node().toString());
        json.put("progress", of.share());
        json.put("keys", of.keys() < 0 ? null : of.keys());
        return json;
    }

    private static JsonObject node(WrittenNodes.Node of) {
        JsonObject json = new JsonObject();
        json.put("address", of.address().toString());
        json.put("keys", of.keys());
        json.put("bytes", of.bytes());
        json.put("batchMillis", millis(of.lastBatch()));
        return json;
    }

    private @Nullable JsonObject differing() {
        boolean compares = run.targets().participants().stream().anyMatch(CompareProducer.class::isInstance);
        return compares ? new JsonObject(hosted.managed().differing()) : null;
    }

    private static JsonObject limits(RateLimits limits) {
        JsonObject json = new JsonObject();
        json.put("maxKeysPerSecond", limits.keys() == 0 ? null : limits.keys());
        json.put("maxBytesPerSecond", limits.bytes() == 0 ? null : limits.bytes());
        return json;
    }

    static JsonObject live(Changes changes) {
        ChangeStatus status = changes.status();
        JsonObject json = new JsonObject();
        json.put("reportedBy", status.by().name().toLowerCase(Locale.ROOT));
        json.put("waiting", status.waiting());
        json.put("lagSeconds", seconds(status.lag()));
        json.put("unverified", changes.verification().unverified());
        json.put("gaps", status.gaps());
        json.put("scans", status.scans());
        json.put("flushes", status.flushes());
        json.put("held", status.held());
        json.put("withheld", status.withheld());
        json.put("reportedWrites", changes.writes().reported());
        return json;
    }

    private JsonObject canCutOver() {
        String objection = cutoverObjection(false);
        if (objection == null && changes != null && changes.disputed() != null) {
            objection = "keys that others have written at the former source wait for a decision";
        }
        JsonObject json = new JsonObject();
        json.put("now", objection == null);
        json.put("reason", objection);
        List<BigKey> waiting =
                changes == null ? List.of() : run.sources().bigKeys().all();
        json.put(
                "bigKeys",
                waiting.stream().limit(KEYS_SHOWN).map(CutoverDocument::bigKey).toList());
        json.put("bigKeySeconds", seconds(waiting.stream().map(BigKey::reading).reduce(Duration.ZERO, Duration::plus)));
        return json;
    }

    /**
     * Why the run cannot cut over; null if it can.
     *
     * @param mayWait whether it may begin only when the first copy is complete
     */
    @Nullable
    String cutoverObjection(boolean mayWait) {
        RunPhase phase = ledger.phase();
        if (changes == null) {
            return "it is not live, and ends by itself";
        }
        if (phase == RunPhase.CONVERGED || phase == RunPhase.ENDED || ledger.state() != RunState.RUNNING) {
            return "it is over, or was asked to stop";
        }
        String undecided = hosted.steering().undecided();
        if (undecided != null) {
            return "its clients may be half switched";
        }
        if (phase == RunPhase.CUTTING_OVER) {
            return "it is cutting over already";
        }
        if (hosted.steering().isPaused()) {
            return "it is paused: resume it first";
        }
        if (!mayWait && phase == RunPhase.COPYING) {
            return "the first copy is not complete";
        }
        if (!mayWait && phase == RunPhase.VERIFYING) {
            return "the comparison of both sides is not through";
        }
        long held = changes.status().held();
        return held == 0
                ? null
                : held + " keys are gone at the source all at once, and are not deleted at the target without"
                        + " allowMassDelete (--allow-mass-delete)";
    }

    private JsonObject latency() {
        SourceLatency source = ledger.sourceLatency();
        Duration target = run.report().targetLatency();
        JsonObject json = new JsonObject();
        json.put("sourceMillis", source == null ? null : millis(source.last()));
        json.put("sourceWorstMillis", source == null ? null : millis(source.worst()));
        json.put("targetMillis", target == null ? null : millis(target));
        return json;
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(ledger.remarks());
        String undecided = hosted.steering().undecided();
        if (undecided != null) {
            warnings.add(undecided);
        }
        ledger.refusals().forEach(refusal -> warnings.add("refused " + refusal));
        if (changes != null) {
            Stream.of(changes.disputed(), changes.contended())
                    .filter(Objects::nonNull)
                    .forEach(warnings::add);
        }
        if (changes != null && changes.hasUnseenDeletes()) {
            warnings.add("keys may be gone at the source unseen, and stay at the target, which held others before");
        }
        String cause = changes == null ? null : changes.verification().cause();
        // the first copy, and what was verified anew since, owe nothing to an earlier comparison
        if (cause != null && ledger.phase() != RunPhase.COPYING && outlook.verifiedKeys() < 0) {
            warnings.add("what was compared before is void: " + cause);
        }
        return warnings;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }
}
