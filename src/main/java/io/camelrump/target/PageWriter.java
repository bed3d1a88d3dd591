package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes pages over a target's connection: what is due of them, in pipelines, each reply entered before the next one.
 */
final class PageWriter {
    private final WritePlan plan;
    private final TargetConnection server;
    private final TargetProcess process;
    private final TargetIdentity identity;
    private final TargetRuns runs;
    private final Deletions deletions;
    private final ReplicaWait replicas;
    private final PipelineFactory pipelines;
    private final RestoreErrors errors;
    private final DueKeys due;
    private final KeyOutcomes outcomes;
    private final PipelineSplitter splitter;
    private final PoisonKey poison = new PoisonKey();

    PageWriter(
            WritePlan plan,
            TargetConnection server,
            TargetIdentity identity,
            TargetRuns runs,
            Deletions deletions,
            LastReadWins order,
            WriteCount written,
            PipelineFactory pipelines,
            RestoreErrors errors) {
        this.plan = plan;
        this.server = server;
        this.process = server.process();
        this.identity = identity;
        this.runs = runs;
        this.deletions = deletions;
        this.replicas = new ReplicaWait(plan.target(), server.address(), written);
        this.pipelines = pipelines;
        this.errors = errors;
        this.due = new DueKeys(plan.name(), order);
        this.outcomes = new KeyOutcomes(
                plan.name(), identity, deletions, order, written, plan.target().isDryRun());
        this.splitter = new PipelineSplitter(plan.throttle().getMaxKeysPerSecond());
    }

    /**
     * Writes these pages and reads all replies; keys that have their outcome already are left out.
     *
     * @param asking whether the slots of these keys are still migrating to this master of a cluster
     * @param report what was written is added here, also before a failure
     * @return keys to be written at other masters; null if there are none
     */
    @Nullable
    Redirection write(List<PageData> pages, boolean asking, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        runs.join(pages);
        if (DueKeys.pages(pages).isEmpty() && pages.stream().noneMatch(PageWriter::bringsFunctions)) {
            return null;
        }
        return server.connected(current -> {
            process.begin(server.address(), current);
            pages.stream().filter(PageWriter::bringsFunctions).forEach(this::answerWithoutKeys);
            process.look(server.address(), current);
            process.expect(pages, server.address(), current);
            Redirection moved = write(current, DueKeys.pages(pages), asking, report);
            if (moved == null) {
                takesKeysAgain();
            }
            return moved;
        });
    }

    private @Nullable Redirection write(
            RedisConnection current, List<PageData> pages, boolean asking, WriteReport report)
            throws IOException, TargetClosedException, InterruptedException {
        List<PageSlice> sent = new ArrayList<>();
        try {
            for (List<PageData> group : PipelineSplitter.groups(pages)) {
                PageData first = group.get(0);
                boolean[] own = first.origin().isOnlyIfThere() ? deletions.findOwn(first, current) : null;
                for (List<PageSlice> slices : splitter.slices(
                        group,
                        poison.wantsKeysAlone(),
                        (page, from, to, found) -> due.slice(page, from, to, found, own))) {
                    splitter.awaitTurn(slices);
                    sent.addAll(slices);
                    Redirection moved = write(pipelines.of(current, slices, asking), report);
                    if (moved != null) {
                        return moved.leaving(PageSlice.left(pages, sent));
                    }
                }
            }
            return null;
        } catch (IOException e) {
            poison.cut();
            throw e;
        }
    }

    /** A page without keys has a receipt only if functions must be copied from a source that has nothing else. */
    private static boolean bringsFunctions(PageData page) {
        return page.size() == 0 && page.receipt() != null;
    }

    private void answerWithoutKeys(PageData page) {
        Objects.requireNonNull(page.receipt()).settlement().answer(plan.name(), page, new Outcome[0], Map.of());
    }

    /** Whether these pages may be sent behind others: nothing must be asked of the target before or after them. */
    boolean canPipeline(List<PageData> pages) {
        if (server.current() == null
                || process.dryRun() != null
                || !plan.replaces(identity)
                || !RelativeExpiries.areDoneByRestore(pages, process.abilities().features())
                || poison.wantsKeysAlone()
                || process.isLookDue()
                || !splitter.isOnePipeline(pages)) {
            return false;
        }
        for (PageData page : pages) {
            Receipt receipt = page.receipt();
            if (page.form() != PageForm.PAYLOADS
                    || page.origin().isOnlyIfThere()
                    || !process.abilities().versions().know(page)
                    || receipt != null && !runs.isBegun(receipt.run())) {
                return false;
            }
        }
        return true;
    }

    /** Sends these pages; the replies must be read, and then {@link #settle settled}. */
    SentPipeline send(List<PageData> pages) throws TransientTargetException, TargetClosedException {
        RedisConnection current = Objects.requireNonNull(server.current());
        List<PageSlice> slices = new ArrayList<>();
        splitter.slices(DueKeys.pages(pages), false, (page, from, to, found) -> due.slice(page, from, to, found, null))
                .forEach(slices::addAll);
        try {
            SentPipeline batch = pipelines.of(current, slices, false);
            batch.send(replicas);
            return batch;
        } catch (IOException e) {
            throw lost(current, e);
        }
    }

    /**
     * Enters what the target answered to a batch, also if its replies end with a failure.
     *
     * @return keys to be written at other masters; null if there are none
     */
    @Nullable
    Redirection settle(SentPipeline batch, @Nullable Exception failure, WriteReport report)
            throws TransientTargetException, TargetClosedException {
        WriteReport ofBatch = new WriteReport();
        if (failure != null || batch.transientError() != null || batch.unreplicated() != null) {
            replicas.forget(batch);
        }
        outcomes.enter(batch, ofBatch);
        try {
            if (failure instanceof IOException e) {
                throw lost(batch.connection(), e);
            } else if (failure instanceof RuntimeException e) {
                // replies that are not understood would come again
                throw e instanceof RedisException known
                        ? known
                        : batch.connection().misread(e);
            }
            Redirection moved = errors.check(batch, server.address(), ofBatch, null);
            if (batch.unreplicated() != null) {
                throw batch.unreplicated();
            }
            if (moved == null) {
                takesKeysAgain();
                report.add(ofBatch);
            }
            return moved;
        } catch (RedisException e) {
            server.drop(batch.connection());
            throw server.failure(e);
        }
    }

    private TransientTargetException lost(RedisConnection broken, IOException cause) throws TargetClosedException {
        // of several batches in flight only the first one reports the cut
        if (broken == server.current()) {
            poison.cut();
        }
        server.drop(broken);
        return server.failure(ErrorText.failure(server.address(), cause));
    }

    private void takesKeysAgain() {
        server.tookKeys();
        poison.calm();
    }

    private @Nullable Redirection write(SentPipeline batch, WriteReport report)
            throws IOException, TargetClosedException {
        byte[] foreign = null;
        boolean safe = !replicas.isWanted();
        DryRun dryRun = process.dryRun();
        try {
            if (dryRun == null) {
                batch.send();
                batch.readReplies();
                batch.complete();
            } else {
                batch.sendNothing(dryRun, plan.replaces(identity));
            }
            if (batch.transientError() == null) {
                foreign = batch.resolveConflicts();
                if (!safe && dryRun == null) {
                    batch.await(replicas);
                }
                safe = true;
            }
        } catch (IOException e) {
            RestoreErrors.refuseIfPoison(poison, batch.slices(), server.address());
            throw e;
        } finally {
            if (!safe) {
                replicas.forget(batch);
            }
            outcomes.enter(batch, report);
        }
        Redirection moved = errors.check(batch, server.address(), report, foreign);
        if (moved == null && batch.slices().stream().anyMatch(PageSlice::hasUnanswered)) {
            throw RedisException.transientError(
                    "A key of " + server.address() + " was there, and gone when it was looked at.", null);
        }
        return moved;
    }
}
