package io.camelrump.compare;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server that is compared with, or the masters of its cluster: each key goes to the one that has it.
 *
 * <p>Not thread-safe.
 */
final class ComparedMasters implements AutoCloseable {
    private final MasterConnections masters;
    private final ComparePlan plan;
    /** In the order of the masters; none for a lookup, which wants names alone. */
    private final List<Comparer> comparers = new ArrayList<>();
    /** Pages whose comparison was begun, by what each master has of them. */
    private final Map<PageData, List<Comparer.Begun>> begun = new IdentityHashMap<>();

    ComparedMasters(MasterConnections masters, ComparePlan plan) throws IOException {
        this.masters = masters;
        this.plan = plan;
        if (!plan.lookup()) {
            for (MasterConnections.Master master : masters.all()) {
                comparers.add(new Comparer(master.connection(), master.turns(), plan));
            }
        }
    }

    MasterConnections masters() {
        return masters;
    }

    /** The masters once no reply is due, to be asked for something else. */
    MasterConnections drained() throws IOException {
        for (Comparer comparer : comparers) {
            comparer.drain();
        }
        return masters;
    }

    /** Measures the clocks again; false if one was set, so that the scan restarts. */
    boolean keepTime(Run run) throws IOException {
        boolean kept = true;
        for (Comparer comparer : comparers) {
            kept &= comparer.keepsTime(run);
        }
        return kept;
    }

    /** Asks for what the comparison of this page needs, ahead of it; at all masters, which work side by side. */
    void begin(PageData page, Receipt receipt) throws IOException {
        if (!plan.lookup() && !begun.containsKey(page)) {
            begun.put(page, begunAt(page, receipt));
        }
    }

    private List<Comparer.Begun> begunAt(PageData page, Receipt receipt) throws IOException {
        List<Comparer.Begun> parts = new ArrayList<>();
        for (Map.Entry<Integer, PageData> part : masters.split(page).entrySet()) {
            int place = part.getKey();
            parts.add(named(place, () -> comparers.get(place).begin(part.getValue(), receipt)));
        }
        return parts;
    }

    /** Compares what is due of this page, and reports it to the reader. */
    void compare(PageData page, Receipt receipt, boolean mayDelete, OriginServer origin) throws IOException {
        if (plan.lookup()) {
            lookUp(page, receipt, mayDelete, origin);
            return;
        }
        if (page.size() == 0) {
            // it came for what is compared beside the keys
            receipt.settlement().answer(plan.name(), page, new Outcome[0], Map.of());
        }
        List<Comparer.Begun> parts = begun.remove(page);
        for (Comparer.Begun part : parts == null ? begunAt(page, receipt) : parts) {
            named(comparers.indexOf(part.comparer()), () -> {
                part.comparer().compare(part, receipt, mayDelete, origin);
                return part;
            });
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** Takes a step at one master, which a lost connection is reported of. */
    private <T> T named(int place, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw ErrorText.failure(masters.all().get(place).connection().address(), e);
        }
    }

    private void lookUp(PageData page, Receipt receipt, boolean mayDelete, OriginServer origin) throws IOException {
        PageComparison comparison = new PageComparison(page, receipt, plan, mayDelete);
        new ReverseLookup(masters, plan.origins(), plan.types())
                .look(page, Comparer.due(page, receipt, plan), comparison);
        // the target, where keys are deleted, is the page's own server
        Map<RedisConnection, List<Integer>> extra = new LinkedHashMap<>();
        for (int i : comparison.toPrune()) {
            extra.computeIfAbsent(origin.of(receipt, page.key(i)), target -> new ArrayList<>())
                    .add(i);
        }
        extra.forEach((target, keys) ->
                Repairs.prune(page, keys.stream().mapToInt(Integer::intValue).toArray(), comparison, target));
        comparison.report();
    }

    @Override
    public void close() {
        masters.close();
    }
}
