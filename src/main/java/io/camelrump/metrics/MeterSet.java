package io.camelrump.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one run: all have its tags, each takes the place of the one that an earlier run of the same name had, and
 * all go together.
 */
final class MeterSet {
    /** Upper bounds of the buckets of a histogram: from a server beside us to one that hardly answers. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    /** @param tags of all meters of the run */
    MeterSet(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** @param unit null where it counts what its name says */
    Counter counter(String name, @Nullable String unit, String description, String... own) {
        Tags all = tags.and(own);
        forget(name, all);
        return add(Counter.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .register(registry));
    }

    /** A count that somebody else keeps, which never goes down. */
    void total(
            String name,
            @Nullable String unit,
            String description,
            MeteredRun run,
            ToDoubleFunction<MeteredRun> value) {
        forget(name, tags);
        add(FunctionCounter.builder(name, run, value)
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void gauge(
            String name,
            @Nullable String unit,
            String description,
            MeteredRun run,
            ToDoubleFunction<MeteredRun> value,
            String... own) {
        Tags all = tags.and(own);
        forget(name, all);
        add(Gauge.builder(name, run, value)
                .baseUnit(unit)
                .description(description)
                .tags(all)
                .register(registry));
    }

    /** With a histogram. */
    Timer timer(String name, String description, String... own) {
        Tags all = tags.and(own);
        forget(name, all);
        return add(Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tags(all)
                .register(registry));
    }

    /** The meter of an earlier run with this name, which would go on showing that one. */
    private void forget(String name, Tags all) {
        for (Meter earlier : registry.find(name).tags(all).meters()) {
            if (earlier.getId().getTags().size() == all.stream().count()) {
                registry.remove(earlier);
            }
        }
    }

    private <M extends Meter> M add(M meter) {
        meters.add(meter);
        return meter;
    }

    /** An empty set with the same tags, in the place of this one. */
    MeterSet anew() {
        remove();
        return new MeterSet(registry, tags);
    }

    /** Takes all of them out of the registry: their run is no longer part of the host. */
    void remove() {
        meters.forEach(registry::remove);
    }
}
