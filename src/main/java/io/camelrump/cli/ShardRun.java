package io.camelrump.cli;

import io.camelrump.CheckpointKey;
import io.camelrump.Counts;
import io.camelrump.cli.flags.CheckpointPlace;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.WritableServers;
import io.camelrump.shard.Shard;
import io.camelrump.shard.ShardReport;
import io.camelrump.shard.ShardReports;
import io.camelrump.shard.TargetProcesses;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of several runs that share a migration out, as the others see it: it reports how it ended, and the first one
 * waits for the reports of the others and says how the whole ended.
 */
final class ShardRun implements AutoCloseable {
    private static final long BETWEEN_LOOKS_MILLIS = 500;

    private final RunPlan plan;
    private final Shard own;
    private final Duration patience;
    private final StopSignals signals;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ShardReports reports;
    private boolean begun;

    private ShardRun(
            RunPlan plan,
            Shard own,
            String checkpoint,
            Duration patience,
            StopSignals signals,
            PrintWriter out,
            PrintWriter err) {
        this.plan = plan;
        this.own = own;
        this.patience = patience;
        this.signals = signals;
        this.out = out;
        this.err = err;
        this.reports = new ShardReports(plan.to().redis().address(), CheckpointKey.name(checkpoint), own);
    }

    /**
     * The run of this plan's shard.
     *
     * @param patience how long others are waited for that nobody has seen alive
     * @return null where it is the only one, or keeps no checkpoint at the target beside which it could report
     */
    static @Nullable ShardRun of(
            RunPlan plan, Duration patience, StopSignals signals, PrintWriter out, PrintWriter err) {
        Shard own = plan.shard();
        CheckpointPlace place = plan.checkpointPlace();
        String checkpoint = place == null ? null : place.nameAtTarget();
        return own == null || own.count() == 1 || checkpoint == null
                ? null
                : new ShardRun(plan, own, checkpoint, patience, signals, out, err);
    }

    /**
     * Begins, unless an earlier run of this shard has come to its end.
     *
     * @return how that ended; null if this one has to copy
     * @throws RedisException if there is such a run, and no flag says what becomes of it
     */
    @Nullable
    Summary begin(Instant startedAt) throws InterruptedException {
        ShardReport earlier = FirstLook.<@Nullable ShardReport>awaited(plan, () -> reports.of(own));
        if (earlier != null && earlier.isThrough() && isStillThere(earlier)) {
            if (plan.resumes()) {
                begun = true;
                return ShardSum.earlier(earlier, startedAt);
            }
            if (!restarts()) {
                throw RedisException.permanentError("Shard " + own + " of the checkpoint " + plan.checkpoint()
                        + " has come to its end already, at " + earlier.endedAt() + ", and shard " + first()
                        + " has not said that all have. Continue with resume (--resume), or restart with restartScan"
                        + " (--restart-scan) and another name for the checkpoint.");
            }
        }
        reports.discard();
        begun = true;
        return null;
    }

    /** Whether the target has not been replaced since by another process, which need not hold those keys. */
    private boolean isStillThere(ShardReport earlier) {
        return earlier.target().replacedBy(target()).isEmpty();
    }

    private boolean restarts() {
        return "true".equals(plan.properties().get(RouteProperties.SOURCE + "restart-scan"));
    }

    private Shard first() {
        return new Shard(0, own.count());
    }

    /**
     * Reports the end of this run; the first one waits for the others, and says how the whole ended.
     *
     * @return the end of all; null if another run says that, or this one has not begun
     */
    @Nullable
    ShardSum end(ExitCode code, String result, Counts counts, Instant startedAt) {
        if (!begun) {
            return null;
        }
        ShardReport mine = new ShardReport(own, code.number(), result, counts, startedAt, Instant.now(), target());
        try {
            reports.write(mine);
            return own.isFirst() && mine.isThrough() ? said(conclude(mine)) : null;
        } catch (RedisException e) {
            return said(ShardSum.unknown(
                    mine, "the end of shard " + own + " could not be reported to the others: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The processes of the target as they are now; none where they cannot be asked. */
    private TargetProcesses target() {
        try (OpenServers servers =
                WritableServers.open(plan.to().redis().address(), plan.mode(RouteProperties.TARGET))) {
            return TargetProcesses.of(servers);
        } catch (IOException | RedisException e) {
            return TargetProcesses.NONE;
        }
    }

    private ShardSum said(ShardSum sum) {
        if (sum.error() != null) {
            err.println("rump: " + sum.error());
            err.flush();
        }
        return sum;
    }

    private ShardSum conclude(ShardReport mine) throws InterruptedException {
        TreeMap<Integer, ShardReport> found = new TreeMap<>();
        found.put(own.index(), mine);
        List<Shard> missing = awaitOthers(found);
        ShardSum sum = ShardSum.of(List.copyOf(found.values()), missing, signals.received(), patience)
                .at(target());
        if (!plan.silent()) {
            out.print(sum.text());
            out.flush();
        }
        if (sum.isThrough()) {
            reports.clear();
        }
        return sum;
    }

    /** Returns those that have not reported in time. */
    private List<Shard> awaitOthers(TreeMap<Integer, ShardReport> found) throws InterruptedException {
        List<Shard> missing = new ArrayList<>(reports.others());
        List<Shard> said = List.of();
        long seen = System.nanoTime();
        while (true) {
            try {
                missing.removeIf(shard -> {
                    ShardReport report = reports.of(shard);
                    if (report != null) {
                        found.put(shard.index(), report);
                    }
                    return report != null && report.isFinal();
                });
                seen = missing.stream().anyMatch(reports::isAlive) ? System.nanoTime() : seen;
            } catch (RedisException e) {
                if (e.isPermanent()) {
                    throw e;
                }
                // the target is away for a while
            }
            if (missing.isEmpty()
                    || System.nanoTime() - seen > patience.toNanos()
                    || signals.await(BETWEEN_LOOKS_MILLIS)) {
                return missing;
            }
            if (!missing.equals(said)) {
                said = List.copyOf(missing);
                new Speech(plan, err).accept("Waiting for " + ShardSum.named(missing));
            }
        }
    }

    @Override
    public void close() {
        reports.close();
    }
}
