package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.PageData;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server process behind a target's connection: whether it is the one that was met before, what it can do, what its
 * clock says, and whether it evicts keys.
 *
 * <p>Another process confirmed nothing: scans that relied on the former one restart. Guarded by whoever guards the
 * target.
 */
final class TargetProcess {
    private final WritePlan plan;
    private final TargetIdentity identity;
    private final TargetRuns runs;
    private final TemporaryKeys temporaries;
    private final EvictionWatch eviction;
    private final TargetAdvice advice;
    private final TargetAbilities abilities;

    /** Open to a test, which cannot wait until it is stale. */
    ServerClock clock = ServerClock.unknown();

    private @Nullable DryRun dryRun;

    TargetProcess(WritePlan plan, TargetIdentity identity, TargetRuns runs, TemporaryKeys temporaries) {
        this.plan = plan;
        this.identity = identity;
        this.runs = runs;
        this.temporaries = temporaries;
        this.eviction = new EvictionWatch(identity, plan.target().isDryRun());
        this.advice = new TargetAdvice(plan, identity);
        this.abilities = new TargetAbilities(plan);
    }

    TargetAbilities abilities() {
        return abilities;
    }

    ServerClock clock() {
        return clock;
    }

    /** Stand-in for writing; null where keys are written. */
    @Nullable
    DryRun dryRun() {
        return dryRun;
    }

    EvictionWatch eviction() {
        return eviction;
    }

    /** Copies features and payload versions of {@code lender}: a node that only imports a slot cannot be probed. */
    void borrow(TargetProcess lender) {
        if (!identity.isKnown()) {
            abilities.borrow(lender.abilities);
        }
    }

    /** Finds out at a new connection whether this is the process that was met before, and what it can do. */
    void meet(ServerAddress address, RedisConnection fresh, ServerInfo now) throws IOException {
        ServerClock before = clock;
        clock = ServerClock.measure(fresh);
        boolean first = !identity.isKnown();
        boolean another = identity.isAnother(fresh, now, clock);
        if (first || another) {
            abilities.ask(fresh);
        }
        if (first) {
            advice.beforeFirstKey(address, fresh, now, clock);
        }
        if (first || another) {
            identity.begins(fresh, now);
        } else {
            identity.metAgain(now);
        }
        if (another) {
            abilities.clear();
            temporaries.beginAgain();
            runs.restart("Target " + address + " is another server process than before");
            // it may have come back with its data
            temporaries.discard(fresh, abilities.features().delete());
        } else if (!first) {
            runs.keepTime(address, before, clock);
        }
        dryRun = plan.target().isDryRun()
                ? new DryRun(fresh, PayloadProbe.of(fresh, now), abilities.elements(fresh))
                : null;
    }

    /** Makes the runs ready that have written nothing here yet; each is refused where it would do harm. */
    void begin(ServerAddress address, RedisConnection current) throws IOException, TargetClosedException {
        runs.begin(current, address, abilities.features().delete(), clock);
    }

    /** Learns which payload versions it takes of these pages, and warns of what it cannot take with their keys. */
    void expect(List<PageData> pages, ServerAddress address, RedisConnection current) throws IOException {
        for (PageData page : pages) {
            abilities.versions().learn(page, current, identity.info());
        }
        advice.ofUsage(address, abilities.features(), pages);
    }

    /** Whether its clock or its evictions must be looked at before more keys are sent. */
    boolean isLookDue() {
        return runs.isToMeasure(clock) || eviction.isDue();
    }

    /** Looks at its clock and evictions where it is time to; no reply may be due. */
    void look(ServerAddress address, RedisConnection current) throws IOException, TargetClosedException {
        if (runs.isToMeasure(clock)) {
            keepsTime(address, ServerClock.measure(current));
        }
        if (eviction.isDue()) {
            eviction.look(address, current);
        }
    }

    /** Takes a new measurement; false if the clock was set, so that a run has to read keys again. */
    boolean keepsTime(ServerAddress address, ServerClock now) {
        ServerClock before = clock;
        clock = now;
        return runs.keepTime(address, before, now);
    }
}
