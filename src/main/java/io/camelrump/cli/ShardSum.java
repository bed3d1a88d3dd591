package io.camelrump.cli;

import io.camelrump.Counts;
import io.camelrump.RunSeries;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.shard.Shard;
import io.camelrump.shard.ShardReport;
import io.camelrump.shard.TargetProcesses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a migration ended that several runs have shared out.
 *
 * @param code of the worst of them; failed where one is missing
 * @param error what keeps it from being complete; null if nothing does
 * @param reports of the runs that have ended, also of those that were stopped
 * @param missing shards that have not come to an end
 */
record ShardSum(ExitCode code, @Nullable String error, List<ShardReport> reports, List<Shard> missing) {
    ShardSum {
        reports = List.copyOf(reports);
        missing = List.copyOf(missing);
    }

    /** @param patience for which those were waited for that are missing */
    static ShardSum of(List<ShardReport> reports, List<Shard> missing, @Nullable ExitCode signal, Duration patience) {
        ExitCode worst = reports.stream()
                .filter(ShardReport::isFinal)
                .map(report -> ExitCode.of(report.exitCode()))
                .reduce(ExitCode.COMPLETE, ExitCode::worse);
        if (signal != null) {
            return new ShardSum(
                    signal, "stopped by " + signal + " while waiting for " + named(missing), reports, missing);
        }
        if (!missing.isEmpty()) {
            String error = named(missing) + " did not end, and nobody has seen "
                    + (missing.size() == 1 ? "it" : "one of" + " them") + " alive for " + patience.toSeconds()
                    + " s (--wait-shards). Start "
                    + (missing.size() == 1 ? "it" : "them") + " again, and then this one, each with --resume";
            return new ShardSum(ExitCode.FAILED.worse(worst), error, reports, missing);
        }
        List<Shard> failed = reports.stream()
                .filter(report -> !report.isThrough())
                .map(ShardReport::shard)
                .toList();
        return new ShardSum(
                worst,
                failed.isEmpty()
                        ? null
                        : named(failed) + " did not come to the end of "
                                + (failed.size() == 1 ? "its share" : "their shares")
                                + ": see what was said there, and start " + (failed.size() == 1 ? "it" : "them")
                                + " again, and then this one, each with --resume",
                reports,
                missing);
    }

    /** This end at a target whose processes are these by now: what another one has confirmed need not be there. */
    ShardSum at(TargetProcesses now) {
        for (ShardReport report : reports) {
            List<String> replaced = report.target().replacedBy(now);
            if (!replaced.isEmpty() && code != ExitCode.FAILED) {
                return new ShardSum(
                        ExitCode.FAILED.worse(code),
                        "target " + String.join(", ", replaced)
                                + " is another server process than the one to which shard "
                                + report.shard()
                                + " wrote its keys: they may be gone. Start that shard again, and then this"
                                + " one, each with --resume",
                        reports,
                        missing);
            }
        }
        return this;
    }

    /** The end where this run cannot report to the others, or ask them. */
    static ShardSum unknown(ShardReport own, String error) {
        return new ShardSum(ExitCode.FAILED, error, List.of(own), List.of());
    }

    /** These shards as a sentence names them. */
    static String named(List<Shard> shards) {
        String all = shards.stream().map(Shard::toString).collect(Collectors.joining(", "));
        return (shards.size() == 1 ? "shard " : "shards ") + all;
    }

    /** Whether each shard has come to its end. */
    boolean isThrough() {
        return missing.isEmpty() && error == null && reports.stream().allMatch(ShardReport::isThrough);
    }

    /** The result as the summary of one run spells it. */
    String result() {
        if (isThrough()) {
            return code.name();
        }
        return missing.isEmpty() && !code.isSignal() ? "FAILED" : "INCOMPLETE";
    }

    private Counts counts() {
        return ShardReport.sum(reports);
    }

    private double seconds() {
        Instant first = reports.stream()
                .map(ShardReport::startedAt)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Instant last = reports.stream()
                .map(ShardReport::endedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return Summary.seconds(Duration.between(first, last));
    }

    private int count() {
        return reports.get(0).shard().count();
    }

    /** The last words of all. */
    String text() {
        Counts counts = counts();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "ALL %d SHARDS %s: %,d keys, %s in %.1f s%n",
                count(),
                result().equals("REFUSED") ? "FINISHED, BUT NOT WITH EVERY KEY" : result(),
                counts.settled(),
                Summary.bytes(counts.bytes()),
                seconds()));
        text.append(Summary.outcomes(counts)).append(System.lineSeparator());
        notComplete().forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }

    private List<String> notComplete() {
        List<String> lines = new ArrayList<>();
        reports.stream()
                .filter(report -> report.exitCode() != 0)
                .forEach(report -> lines.add(
                        "shard " + report.shard() + ": " + report.result() + ", exit code " + report.exitCode()));
        missing.stream()
                .filter(shard ->
                        reports.stream().noneMatch(report -> report.shard().equals(shard)))
                .forEach(shard -> lines.add("shard " + shard + ": no report"));
        return lines;
    }

    /** The end of this run as that of all, where that is worse. */
    Summary over(Summary own) {
        return code.worse(own.code()) == own.code()
                ? own
                : new Summary(
                        code,
                        result(),
                        error,
                        own.counts(),
                        own.earlier(),
                        own.refusals(),
                        own.notes(),
                        own.latency(),
                        own.changes(),
                        own.cutover(),
                        own.series(),
                        own.checkpointRefused(),
                        own.startedAt(),
                        own.duration());
    }

    /**
     * The document of this run with the end of all.
     *
     * @param sum null if another run says how the whole ended
     */
    static Map<String, Object> in(Map<String, Object> document, @Nullable ShardSum sum) {
        if (sum == null) {
            return document;
        }
        Map<String, Object> whole = new LinkedHashMap<>(document);
        ExitCode own = ExitCode.of((Integer) document.get("exitCode"));
        if (sum.code().worse(own) != own) {
            whole.put("result", sum.result());
            whole.put("exitCode", sum.code().number());
            whole.put("exitName", sum.code().name());
            whole.put("error", sum.error());
        }
        whole.put("shards", sum.content());
        return whole;
    }

    /** How an earlier process ended this run: nothing is left to be copied. */
    static Summary earlier(ShardReport report, Instant startedAt) {
        ExitCode code = ExitCode.of(report.exitCode());
        return new Summary(
                code == ExitCode.DIFFERENT ? ExitCode.COMPLETE : code,
                code == ExitCode.REFUSED ? "REFUSED" : "COMPLETE",
                null,
                report.counts(),
                report.counts(),
                List.of(),
                List.of("shard " + report.shard() + " had come to its end at " + report.endedAt()
                        + ": nothing was copied again"),
                null,
                null,
                null,
                RunSeries.NONE,
                false,
                startedAt,
                Duration.between(startedAt, Instant.now()));
    }

    /** The member of the document. */
    Map<String, Object> content() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("count", count());
        content.put("result", result());
        content.put("counts", JsonContent.counts(counts()));
        content.put("ended", reports.stream().map(ShardSum::content).toList());
        content.put("missing", missing.stream().map(Shard::toString).toList());
        return content;
    }

    private static Map<String, Object> content(ShardReport report) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("shard", report.shard().toString());
        content.put("result", report.result());
        content.put("exitCode", report.exitCode());
        content.put("startedAt", report.startedAt().toString());
        content.put("endedAt", report.endedAt().toString());
        content.put("keys", report.counts().settled());
        return content;
    }
}
