package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Counts;
import io.camelrump.CutoverResult;
import io.camelrump.Difference;
import io.camelrump.LeftBehind;
import io.camelrump.PauseTimes;
import io.camelrump.Refusal;
import io.camelrump.SourceLatency;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.Version;
import io.camelrump.needs.Finding;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents for machines, one form for each command. Each always has all its fields; what a run did not come to is
 * 0, empty or null.
 */
final class JsonContent {
    private JsonContent() {}

    /**
     * The document of a migration.
     *
     * @param plan null where the command line was not understood
     * @param report of the comparison after it; null if there was none
     * @param code of both together
     */
    static Map<String, Object> of(@Nullable RunPlan plan, Summary summary, @Nullable Report report, ExitCode code) {
        boolean worse = report != null && code != summary.code();
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("command", "migrate");
        content.put("result", worse ? report.result() : summary.result());
        put(content, code, worse && report.error() != null ? report.error() : summary.error());
        put(content, plan, summary.startedAt(), summary.seconds());
        content.put("checkpoint", plan != null && plan.canResumeAfter(summary) ? plan.checkpoint() : null);
        content.put("dryRun", plan != null && plan.isDryRun());
        content.put("keysPerSecond", summary.keysPerSecond());
        content.put("bytesPerSecond", summary.bytesPerSecond());
        content.put("earlierKeys", summary.earlier().settled());
        content.put("counts", counts(summary.counts()));
        content.put("live", summary.changes() == null ? null : live(summary, summary.changes()));
        content.put("latencyGuard", summary.latency() == null ? null : latency(summary.latency()));
        content.put("series", summary.series().columns());
        content.put("refusals", refusals(summary.refusals()));
        content.put("notes", summary.notes());
        content.put("comparison", report == null ? null : of(plan, report));
        content.put("wayBack", null);
        content.put("shards", null);
        return content;
    }

    /**
     * The document of a migration that has led back.
     *
     * @param there how it ended itself; null if an earlier process has said it
     * @param back how its way back ended
     */
    static Map<String, Object> ofWayBack(@Nullable RunPlan plan, @Nullable Summary there, Summary back) {
        Map<String, Object> content = of(plan, there == null ? back : there, null, back.code());
        content.put("error", back.error());
        Map<String, Object> led = new LinkedHashMap<>();
        led.put("result", back.result());
        led.put("startedAt", back.startedAt().toString());
        led.put("seconds", back.seconds());
        led.put("counts", counts(back.counts()));
        led.put("live", back.changes() == null ? null : live(back, back.changes()));
        led.put("series", back.series().columns());
        led.put("refusals", refusals(back.refusals()));
        led.put("notes", back.notes());
        content.put("wayBack", led);
        return content;
    }

    /** The document of a comparison. */
    static Map<String, Object> of(@Nullable RunPlan plan, Report report) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("command", "compare");
        content.put("result", report.result());
        put(content, report.code(), report.error());
        put(content, plan, report.startedAt(), report.seconds());
        content.put("compared", report.compared());
        content.put("lookedUp", report.lookedUp());
        content.put("differing", report.differing());
        Map<String, Object> causes = new LinkedHashMap<>();
        for (Difference.Cause cause : Difference.Cause.values()) {
            causes.put(Report.word(cause), report.causes().getOrDefault(cause, 0L));
        }
        content.put("causes", causes);
        content.put("repaired", report.repaired());
        content.put("deleted", report.deleted());
        content.put("unreadable", report.unreadable());
        content.put("kept", report.kept());
        content.put("reduced", report.reduced());
        content.put("undecided", report.undecided());
        content.put("series", report.series().columns());
        content.put(
                "differences",
                report.differences().stream().map(JsonContent::difference).toList());
        content.put("refusals", refusals(report.refusals()));
        return content;
    }

    /** The document of a check. */
    static Map<String, Object> of(
            @Nullable RunPlan plan, List<Finding> findings, ExitCode code, @Nullable String error, Instant startedAt) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("command", "check");
        content.put("result", result(code, error));
        put(content, code, error);
        put(content, plan, startedAt, Summary.secondsSince(startedAt));
        content.put("findings", findings);
        return content;
    }

    private static String result(ExitCode code, @Nullable String error) {
        if (error != null) {
            return code.isSignal() ? "INCOMPLETE" : "FAILED";
        }
        return code == ExitCode.COMPLETE ? "READY" : "NOT_READY";
    }

    /** This document while its run has not ended. */
    static Map<String, Object> unfinished(Map<String, Object> content) {
        Map<String, Object> unfinished = new LinkedHashMap<>(content);
        unfinished.put("result", "INCOMPLETE");
        unfinished.put("exitCode", null);
        unfinished.put("exitName", null);
        unfinished.put("error", "not ended: it is still in progress, or its process was killed");
        return unfinished;
    }

    private static void put(Map<String, Object> content, ExitCode code, @Nullable String error) {
        content.put("exitCode", code.number());
        content.put("exitName", code.name());
        content.put("error", error);
    }

    private static void put(Map<String, Object> content, @Nullable RunPlan plan, Instant startedAt, double seconds) {
        content.put("version", Version.own());
        content.put("from", plan == null ? null : plan.from().place());
        content.put("to", plan == null ? null : plan.to().place());
        content.put("startedAt", startedAt.toString());
        content.put("seconds", seconds);
        // RunFacts knows them, where there is a run
        content.put(RunFacts.SERVERS, null);
        content.put(RunFacts.FLAGS, List.of());
    }

    private static Map<String, Object> difference(Difference difference) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("key", difference.quotedKey());
        content.put("database", difference.database());
        content.put("cause", Report.word(difference.cause()));
        content.put("detail", difference.detail());
        return content;
    }

    private static Map<String, Object> latency(SourceLatency latency) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("worstMillis", latency.worst().toNanos() / 1e6);
        content.put("slowedSeconds", latency.slowed().toMillis() / 1e3);
        content.put("longValues", latency.longValues());
        return content;
    }

    private static Map<String, Object> live(Summary summary, ChangeStatus status) {
        Map<String, Object> content = new LinkedHashMap<>();
        CutoverResult cutover = summary.cutover();
        content.put(
                "convergedAsOf",
                cutover == null || cutover.convergedAsOf() == null
                        ? null
                        : cutover.convergedAsOf().toString());
        PauseTimes pause = cutover == null ? null : cutover.pause();
        content.put("pauseSeconds", pause == null ? null : Summary.seconds(pause.whole()));
        content.put(
                "pauseToConvergedSeconds",
                pause == null || pause.converged() == null ? null : Summary.seconds(pause.converged()));
        content.put("waitingClients", pause == null ? null : pause.waiting());
        content.put("closedClients", pause == null ? null : pause.closed());
        content.put("verifiedKeys", cutover == null ? null : cutover.verified());
        content.put("comparedAtCutover", cutover == null ? null : cutover.compared());
        content.put("leftBehind", leftBehind(cutover == null ? null : cutover.leftBehind()));
        content.put("reportedBy", status.by().name().toLowerCase(Locale.ROOT));
        content.put("waiting", status.waiting());
        content.put("lagSeconds", status.lag().toMillis() / 1e3);
        content.put("gaps", status.gaps());
        content.put("scans", status.scans());
        content.put("flushes", status.flushes());
        content.put("held", status.held());
        content.put("withheld", status.withheld());
        return content;
    }

    private static @Nullable Map<String, Object> leftBehind(@Nullable LeftBehind left) {
        if (left == null) {
            return null;
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("subscribers", left.subscribers());
        content.put("blockedClients", left.blocked());
        content.put("missingScripts", left.scripts());
        content.put("clients", left.clients());
        return content;
    }

    static Map<String, Object> counts(Counts counts) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("read", counts.read());
        content.put("restored", counts.restored());
        content.put("kept", counts.kept());
        content.put("vanished", counts.vanished());
        content.put("filtered", counts.filtered());
        content.put("deleted", counts.deleted());
        content.put("handedOn", counts.handedOn());
        content.put("refused", counts.refused());
        content.put("inFlight", counts.inFlight());
        content.put("bytes", counts.bytes());
        content.put("reread", counts.reread());
        content.put("restarts", counts.restarts());
        return content;
    }

    private static List<Map<String, Object>> refusals(List<Refusal> refusals) {
        return refusals.stream().map(JsonContent::refusal).toList();
    }

    private static Map<String, Object> refusal(Refusal refusal) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("key", refusal.quotedKey());
        content.put("cause", refusal.cause());
        return content;
    }
}
