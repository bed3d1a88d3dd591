package io.camelrump;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The ledger's counts as Micrometer meters. Loaded only where Micrometer is and the registry holds a MeterRegistry. */
final class Meters {
    private final Map<Outcome, Counter> keys = new EnumMap<>(Outcome.class);
    private final List<Gauge> gauges = new ArrayList<>();
    private final MeterRegistry registry;
    private final Ledger ledger;
    private final Tags tags;

    private Meters(MeterRegistry registry, Ledger ledger, Tags tags) {
        this.registry = registry;
        this.ledger = ledger;
        this.tags = tags;
        for (Outcome outcome : Outcome.values()) {
            Tags all = tags.and("outcome", word(outcome));
            forget(registry.find("camel.rump.keys").tags(all).counter());
            keys.put(
                    outcome,
                    Counter.builder("camel.rump.keys")
                            .description("Keys by outcome")
                            .tags(all)
                            .register(registry));
        }
        gaugesOfRun();
        gaugesOfChanges();
    }

    private void gaugesOfRun() {
        gauge("camel.rump.pages.out", "Pages read and not settled yet", Ledger::pagesOut);
        gauge("camel.rump.bytes.out", "Bytes of the pages that are out", "bytes", Ledger::bytesOut, Tags.empty());
        gauge("camel.rump.progress", "Share of the keyspace that was scanned", Ledger::progress);
        for (RunState state : RunState.values()) {
            gauge(
                    "camel.rump.state",
                    "1 for the state of the run, 0 for all others",
                    null,
                    of -> of.state() == state ? 1 : 0,
                    Tags.of("state", word(state)));
        }
        for (Difference.Cause cause : Difference.Cause.values()) {
            gauge(
                    "camel.rump.differing",
                    "Keys that a comparison found to differ, by cause",
                    null,
                    of -> of.differing().getOrDefault(cause, 0L),
                    Tags.of("cause", word(cause)));
        }
    }

    private void gaugesOfChanges() {
        gauge(
                "camel.rump.live.waiting",
                "Keys that changed and must be read again",
                of -> live(of, ChangeStatus::waiting));
        gauge(
                "camel.rump.live.lag",
                "How long the oldest of the keys that changed has waited",
                "seconds",
                of -> live(of, status -> status.lag().toMillis() / 1000.0),
                Tags.empty());
        gauge(
                "camel.rump.live.gaps",
                "How often change notifications were interrupted",
                of -> live(of, ChangeStatus::gaps));
    }

    private void gauge(String name, String description, ToDoubleFunction<Ledger> value) {
        gauge(name, description, null, value, Tags.empty());
    }

    private void gauge(
            String name, String description, @Nullable String unit, ToDoubleFunction<Ledger> value, Tags own) {
        Tags all = tags.and(own);
        forget(registry.find(name).tags(all).gauge());
        gauges.add(Gauge.builder(name, ledger, value)
                .description(description)
                .baseUnit(unit)
                .tags(all)
                .register(registry));
    }

    /** The meter of an earlier run with this name, which would go on showing that one. */
    private void forget(@Nullable Meter earlier) {
        if (earlier != null) {
            registry.remove(earlier);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** By way of the ledger, which outlives a run: its changes do not. 0 where the run is not live. */
    private static double live(Ledger ledger, ToDoubleFunction<ChangeStatus> value) {
        Changes changes = ledger.changes();
        return changes == null ? 0 : value.applyAsDouble(changes.status());
    }

    /** Meters of a run in a MeterRegistry. */
    static Meters of(Object registry, Ledger ledger, CamelContext context) {
        Tags tags = Tags.of("camelContext", context.getName(), "migration", ledger.migration());
        return new Meters((MeterRegistry) registry, ledger, tags);
    }

    /** Takes all of them out of the registry: their run is no longer part of the host. */
    void remove() {
        gauges.forEach(registry::remove);
        keys.values().forEach(registry::remove);
    }

    void count(Outcome outcome, int number) {
        Counter counter = keys.get(outcome);
        if (counter != null) {
            counter.increment(number);
        }
    }
}
