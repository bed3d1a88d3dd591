package io.camelrump.metrics;

import io.camelrump.ChangeStatus;
import io.camelrump.Difference;
import io.camelrump.RunEnd;
import io.camelrump.RunPhase;
import io.camelrump.RunState;
import io.camelrump.SourceLatency;
import io.camelrump.run.ChangeLog;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Course and state of a run as gauges: NaN where a value is not known. */
final class RunGauges {
    private final MeterSet meters;
    private final MeteredRun run;

    RunGauges(MeterSet meters, MeteredRun run) {
        this.meters = meters;
        this.run = run;
    }

    void register() {
        course();
        queue();
        changes();
        protection();
        for (Difference.Cause cause : Difference.Cause.values()) {
            meters.gauge(
                    "camel.rump.differing.keys",
                    null,
                    "Keys that a comparison found to differ, by cause",
                    run,
                    of -> of.run().report().comparison().differing().getOrDefault(cause, 0L),
                    "cause",
                    Meters.word(cause));
        }
    }

    private void course() {
        for (RunState state : RunState.values()) {
            meters.gauge(
                    "camel.rump.state",
                    null,
                    "1 for the state of the run, 0 for all others",
                    run,
                    of -> of.run().state() == state ? 1 : 0,
                    "state",
                    Meters.word(state));
        }
        for (RunPhase phase : RunPhase.values()) {
            meters.gauge(
                    "camel.rump.phase",
                    null,
                    "1 for the phase of the run, 0 for all others",
                    run,
                    of -> of.steering().phase(of.run()) == phase ? 1 : 0,
                    "phase",
                    phase.word());
        }
        gauge("camel.rump.start.timestamp", "seconds", "When the run began, since 1970", RunGauges::startedAt);
        gauge("camel.rump.end.timestamp", "seconds", "When the run ended, since 1970", RunGauges::endedAt);
        gauge("camel.rump.scan", "ratio", "Share of the keyspace that was scanned", of -> of.run()
                .report()
                .progress());
        gauge(
                "camel.rump.source.keys",
                null,
                "Keys of the source when the scan began",
                of -> orUnknown(of.run().report().sourceKeys()));
        gauge("camel.rump.left", "seconds", "Time left until the first copy is complete, estimated", of -> {
            Long left = of.outlook().secondsLeft(of.run().report().counts());
            return left == null ? Double.NaN : left;
        });
    }

    private void queue() {
        gauge("camel.rump.in.flight.pages", null, "Pages read and not settled yet", of -> of.run()
                .pages()
                .size());
        gauge("camel.rump.in.flight", "bytes", "Bytes of these pages", of -> of.run()
                .pages()
                .bytes());
    }

    private void changes() {
        gauge(
                "camel.rump.live.waiting.keys",
                null,
                "Keys that changed and must be read again",
                live(ChangeStatus::waiting));
        gauge(
                "camel.rump.live.lag",
                "seconds",
                "How long the oldest of the keys that changed has waited",
                live(status -> status.lag().toMillis() / 1e3));
        meters.total(
                "camel.rump.live.gaps",
                null,
                "How often change notifications were interrupted",
                run,
                live(ChangeStatus::gaps, 0));
        gauge(
                "camel.rump.verified.keys",
                null,
                "Keys that were found equal at both sides and have not changed since",
                of -> {
                    Long verified = of.outlook().verified();
                    return verified == null ? Double.NaN : verified;
                });
    }

    private void protection() {
        gauge(
                "camel.rump.limit.keys",
                null,
                "Most keys read per second, by the limit that holds",
                of -> orUnlimited(of.steering().limits().keys()));
        gauge(
                "camel.rump.limit",
                "bytes",
                "Most bytes read per second, by the limit that holds",
                of -> orUnlimited(of.steering().limits().bytes()));
        meters.total(
                "camel.rump.guard.slowed",
                "seconds",
                "How long the source was read in short turns, because it has other clients",
                run,
                of -> {
                    SourceLatency latency = of.run().report().sourceLatency();
                    return latency == null ? 0 : latency.slowed().toNanos() / 1e9;
                });
        meters.total(
                "camel.rump.guard.long.values",
                null,
                "Values that kept other clients of the source waiting for longer than is allowed",
                run,
                of -> {
                    SourceLatency latency = of.run().report().sourceLatency();
                    return latency == null ? 0 : latency.longValues();
                });
    }

    private void gauge(String name, @Nullable String unit, String description, ToDoubleFunction<MeteredRun> value) {
        meters.gauge(name, unit, description, run, value);
    }

    private static ToDoubleFunction<MeteredRun> live(ToDoubleFunction<ChangeStatus> value) {
        return live(value, Double.NaN);
    }

    /** Asked of the run each time: a run that begins anew has other changes. */
    private static ToDoubleFunction<MeteredRun> live(ToDoubleFunction<ChangeStatus> value, double otherwise) {
        return of -> {
            ChangeLog changes = of.run().changes();
            return changes.isFollowed() ? value.applyAsDouble(changes.status()) : otherwise;
        };
    }

    private static double startedAt(MeteredRun of) {
        return of.began().get().toEpochMilli() / 1e3;
    }

    private static double endedAt(MeteredRun of) {
        RunEnd end = of.run().end();
        return end == null ? Double.NaN : startedAt(of) + end.duration().toMillis() / 1e3;
    }

    private static double orUnknown(long count) {
        return count < 0 ? Double.NaN : count;
    }

    private static double orUnlimited(double limit) {
        return limit == 0 ? Double.POSITIVE_INFINITY : limit;
    }
}
