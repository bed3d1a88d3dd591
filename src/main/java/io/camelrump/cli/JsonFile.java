package io.camelrump.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.Refusal;
import io.camelrump.SourceLatency;
import io.camelrump.check.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The summary for machines. The file appears whole or not at all. */
final class JsonFile {
    private final Migration.Plan plan;

    JsonFile(Migration.Plan plan) {
        this.plan = plan;
    }

    static Path folder(Path file) {
        return Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    }

    void write(Summary summary) throws IOException {
        write(content(summary));
    }

    /** Adds what a comparison found to the summary of the migration before it. */
    void add(Report report, ExitCode code) throws IOException {
        Map<String, Object> content =
                new ObjectMapper().readValue(file().toFile(), new TypeReference<LinkedHashMap<String, Object>>() {});
        content.put("exitCode", code.number());
        content.put("exitName", code.name());
        content.put("comparison", content(report));
        write(content);
    }

    void write(Report report) throws IOException {
        write(content(report));
    }

    private Path file() {
        return Objects.requireNonNull(plan.json(), "json is null").toAbsolutePath();
    }

    void write(List<Finding> findings, ExitCode code) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("result", code == ExitCode.COMPLETE ? "READY" : "NOT_READY");
        content.put("exitCode", code.number());
        content.put("exitName", code.name());
        content.put("from", plan.from().place());
        content.put("to", plan.to().place());
        content.put("findings", findings);
        content.put("version", Version.own());
        write(content);
    }

    private void write(Map<String, Object> content) throws IOException {
        Path file = file();
        Path unfinished = Files.createTempFile(folder(file), file.getFileName() + ".", ".tmp");
        try {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(unfinished.toFile(), content);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Map<String, Object> content(Summary summary) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("result", summary.result());
        content.put("exitCode", summary.code().number());
        content.put("exitName", summary.code().name());
        content.put("error", summary.error());
        content.put("checkpoint", plan.goesOnAfter(summary) ? plan.checkpoint() : null);
        content.put("dryRun", plan.isDryRun());
        content.put("from", plan.from().place());
        content.put("to", plan.to().place());
        content.put("startedAt", summary.startedAt().toString());
        content.put("seconds", summary.seconds());
        content.put("keysPerSecond", summary.keysPerSecond());
        content.put("bytesPerSecond", summary.bytesPerSecond());
        content.put("counts", counts(summary.counts()));
        content.put("live", summary.changes() == null ? null : live(summary, summary.changes()));
        content.put("latencyGuard", summary.latency() == null ? null : latency(summary.latency()));
        content.put(
                "refusals", summary.refusals().stream().map(JsonFile::refusal).toList());
        content.put("version", Version.own());
        return content;
    }

    private Map<String, Object> content(Report report) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("result", report.result());
        content.put("exitCode", report.code().number());
        content.put("exitName", report.code().name());
        content.put("error", report.error());
        content.put("from", plan.from().place());
        content.put("to", plan.to().place());
        content.put("startedAt", report.startedAt().toString());
        content.put("seconds", report.seconds());
        content.put("compared", report.compared());
        content.put("lookedUp", report.lookedUp());
        content.put("differing", report.differing());
        Map<String, Object> causes = new LinkedHashMap<>();
        report.causes().forEach((cause, keys) -> causes.put(Report.word(cause), keys));
        content.put("causes", causes);
        content.put("repaired", report.repaired());
        content.put("deleted", report.deleted());
        content.put("unreadable", report.unreadable());
        content.put("kept", report.kept());
        content.put("reduced", report.reduced());
        content.put("undecided", report.undecided());
        content.put(
                "differences",
                report.differences().stream().map(JsonFile::difference).toList());
        content.put(
                "refusals", report.refusals().stream().map(JsonFile::refusal).toList());
        content.put("version", Version.own());
        return content;
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
        return content;
    }

    private static Map<String, Object> live(Summary summary, Changes.Status status) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(
                "convergedAsOf",
                summary.convergedAsOf() == null ? null : summary.convergedAsOf().toString());
        content.put("toldBy", status.by().name().toLowerCase(Locale.ROOT));
        content.put("waiting", status.waiting());
        content.put("lagSeconds", status.lag().toMillis() / 1e3);
        content.put("gaps", status.gaps());
        content.put("scans", status.scans());
        content.put("flushes", status.flushes());
        content.put("held", status.held());
        content.put("withheld", status.withheld());
        return content;
    }

    private static Map<String, Object> counts(Counts counts) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("read", counts.read());
        content.put("restored", counts.restored());
        content.put("kept", counts.kept());
        content.put("vanished", counts.vanished());
        content.put("filtered", counts.filtered());
        content.put("deleted", counts.deleted());
        content.put("handedOn", counts.handedOn());
        content.put("refused", counts.refused());
        content.put("bytes", counts.bytes());
        content.put("reread", counts.reread());
        content.put("restarts", counts.restarts());
        return content;
    }

    private static Map<String, Object> refusal(Refusal refusal) {
        return Map.of("key", refusal.quotedKey(), "cause", refusal.cause());
    }
}
