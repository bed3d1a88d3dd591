package io.camelrump.metrics;

import io.camelrump.Outcome;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.RetryCause;
import io.camelrump.run.RunListener;
import io.camelrump.run.RunReport;
import io.camelrump.run.SharedListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What a run does as Micrometer meters: counters and timers here, what it has come to in {@link RunGauges}. Loaded only
 * where Micrometer is and the registry holds a MeterRegistry.
 *
 * <p>Counters count what was done: keys that are read again, as a scan that began anew reads them, count again.
 */
public final class Meters implements RunListener {
    private final MeterSet meters;
    private final Counter readKeys;
    private final Counter readBytes;
    private final Counter reread;
    private final Counter restarts;
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Map<RetryCause, Counter> retries = new EnumMap<>(RetryCause.class);
    private final Map<ServerAddress, Timer> sources = new ConcurrentHashMap<>();
    private final Map<ServerAddress, Batches> targets = new ConcurrentHashMap<>();

    /** Meters of one node of a target. */
    private record Batches(Timer timer, Counter keys, Counter bytes) {}

    private Meters(MeterSet meters, MeteredRun run) {
        this.meters = meters;
        readKeys = meters.counter("camel.rump.read.keys", null, "Keys that were read");
        readBytes = meters.counter("camel.rump.read", "bytes", "Payload bytes of the keys that were read");
        reread = meters.counter("camel.rump.reread.keys", null, "Keys that were read once more");
        restarts = meters.counter(
                "camel.rump.restarts", null, "Scans that began anew, as a server was another one than before");
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, meters.counter("camel.rump.keys", null, "Keys by outcome", "outcome", word(outcome)));
        }
        for (RetryCause cause : RetryCause.values()) {
            retries.put(
                    cause,
                    meters.counter(
                            "camel.rump.retries", null, "Tries after something that failed", "cause", word(cause)));
        }
        new RunGauges(meters, run).register();
    }

    /**
     * Meters of a run in a MeterRegistry.
     *
     * @param route that reads
     */
    static Meters of(Object registry, MeteredRun run, String context, String route) {
        Tags tags = Tags.of(
                "camelContext",
                context,
                "routeId",
                route,
                "migration",
                run.run().migration());
        return new Meters(new MeterSet((MeterRegistry) registry, tags), run);
    }

    /** Meters of a run that goes on by the name of this one, which is measured by them from now on. */
    public Meters anew(MeteredRun next) {
        Meters theirs = new Meters(meters.anew(), next);
        RunReport measured = next.run().report();
        measured.measuredBy(SharedListener.of(measured.measured(), theirs));
        return theirs;
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Takes all of them out of the registry: their run is no longer part of the host. */
    public void remove() {
        meters.remove();
    }

    @Override
    public void read(int keys, long payloadBytes) {
        readKeys.increment(keys);
        readBytes.increment(payloadBytes);
    }

    @Override
    public void settled(Outcome outcome, int keys) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment(keys);
        }
    }

    @Override
    public void reread(int keys) {
        reread.increment(keys);
    }

    @Override
    public void restarted() {
        restarts.increment();
    }

    @Override
    public void retried(RetryCause cause) {
        Counter counter = retries.get(cause);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void sourceAnswered(ServerAddress node, long nanos) {
        sources.computeIfAbsent(
                        node,
                        address -> meters.timer(
                                "camel.rump.source.round.trip",
                                "Round trip of the latency guard's PING",
                                "node",
                                address.toString()))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void targetAnswered(ServerAddress node, long nanos, int keys, long bytes) {
        Batches batches = targets.computeIfAbsent(node, this::batches);
        batches.timer().record(nanos, TimeUnit.NANOSECONDS);
        batches.keys().increment(keys);
        batches.bytes().increment(bytes);
    }

    private Batches batches(ServerAddress node) {
        String shown = node.toString();
        return new Batches(
                meters.timer(
                        "camel.rump.target.round.trip",
                        "Time from sending a batch to the last reply to it",
                        "node",
                        shown),
                meters.counter(
                        "camel.rump.written.keys", null, "Keys in the batches that were answered", "node", shown),
                meters.counter("camel.rump.written", "bytes", "Bytes of these batches", "node", shown));
    }
}
