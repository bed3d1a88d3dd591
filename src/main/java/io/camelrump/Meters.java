package io.camelrump;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The ledger's counts as Micrometer meters. Loaded only where Micrometer is and the registry holds a MeterRegistry. */
final class Meters {
    private static final String MICROMETER = "io.micrometer.core.instrument.MeterRegistry";

    private final Map<Outcome, Counter> keys = new EnumMap<>(Outcome.class);

    private Meters(MeterRegistry registry, Ledger ledger) {
        String migration = ledger.migration();
        for (Outcome outcome : Outcome.values()) {
            keys.put(
                    outcome,
                    Counter.builder("camel.rump.keys")
                            .description("Keys by outcome")
                            .tag("migration", migration)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("camel.rump.pages.out", ledger, Ledger::pagesOut)
                .description("Pages read and not settled yet")
                .tag("migration", migration)
                .register(registry);
        Gauge.builder("camel.rump.bytes.out", ledger, Ledger::bytesOut)
                .description("Bytes of the pages that are out")
                .baseUnit("bytes")
                .tag("migration", migration)
                .register(registry);
        Gauge.builder("camel.rump.progress", ledger, Ledger::progress)
                .description("Share of the keyspace that was scanned")
                .tag("migration", migration)
                .register(registry);
        Gauge.builder("camel.rump.live.waiting", ledger, of -> live(of, Changes.Status::waiting))
                .description("Keys that changed and are to be read again")
                .tag("migration", migration)
                .register(registry);
        Gauge.builder(
                        "camel.rump.live.lag",
                        ledger,
                        of -> live(of, status -> status.lag().toMillis() / 1000.0))
                .description("How long the oldest of the keys that changed has waited")
                .baseUnit("seconds")
                .tag("migration", migration)
                .register(registry);
        Gauge.builder("camel.rump.live.gaps", ledger, of -> live(of, Changes.Status::gaps))
                .description("How often the news of changes broke off")
                .tag("migration", migration)
                .register(registry);
    }

    /** By way of the ledger, which outlives a run: its changes do not. 0 where the run is not live. */
    private static double live(Ledger ledger, ToDoubleFunction<Changes.Status> value) {
        Changes changes = ledger.changes();
        return changes == null ? 0 : value.applyAsDouble(changes.status());
    }

    /** Meters in the context's MeterRegistry; null where there is none. */
    static @Nullable Meters bind(CamelContext context, Ledger ledger) {
        Class<?> micrometer = context.getClassResolver().resolveClass(MICROMETER);
        Object registry = micrometer == null ? null : context.getRegistry().findSingleByType(micrometer);
        return registry == null ? null : new Meters((MeterRegistry) registry, ledger);
    }

    void count(Outcome outcome, int number) {
        Counter counter = keys.get(outcome);
        if (counter != null) {
            counter.increment(number);
        }
    }
}
