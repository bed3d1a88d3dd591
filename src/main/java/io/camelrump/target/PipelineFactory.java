package io.camelrump.target;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageForm;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Maker of the pipelines of one target, each with the writers that suit its connection, its clock and its pages. */
final class PipelineFactory {
    private final WritePlan plan;
    private final TargetProcess process;
    private final TargetIdentity identity;
    private final Deletions deletions;
    private final TemporaryKeys temporaries;
    private final OwnWrites own;
    private final CarriedUse use = new CarriedUse();
    private final String copyPrefix = UUID.randomUUID() + ":";

    PipelineFactory(
            WritePlan plan,
            TargetProcess process,
            TargetIdentity identity,
            Deletions deletions,
            TemporaryKeys temporaries,
            OwnWrites own) {
        this.plan = plan;
        this.process = process;
        this.identity = identity;
        this.deletions = deletions;
        this.temporaries = temporaries;
        this.own = own;
    }

    /**
     * Makes a pipeline of slices whose pages are all of payloads, or all of parts.
     *
     * @param asking whether the slots of these keys are still migrating to this master of a cluster
     */
    SentPipeline of(RedisConnection current, List<PageSlice> slices, boolean asking) throws IOException {
        TargetFeatures features = process.abilities().features();
        long sourceClock = slices.isEmpty() ? 0 : slices.get(0).page().origin().clockOffsetMicros();
        ServerClock clock = process.clock().or(sourceClock);
        boolean payloads = slices.isEmpty() || slices.get(0).page().form() == PageForm.PAYLOADS;
        RestorePolicy policy =
                new RestorePolicy(plan.replaces(identity), plan.target().isTtl(), deletions);
        BatchWriter writer =
                new BatchWriter(current, features, process.abilities().versions(), clock, policy, asking);
        return new SentPipeline(
                current,
                writer,
                payloads
                        ? null
                        : new PartWriter(
                                current,
                                features,
                                process.abilities().elements(current),
                                clock,
                                policy,
                                temporaries,
                                use),
                new ConflictResolver(current, features, process.dryRun() == null ? copyPrefix : null),
                new RelativeExpiries(current, features, asking),
                new ReadBack(current, features, clock, writer, process.abilities()),
                slices,
                own);
    }
}
