package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Cuts pages by the masters of a cluster that own the slots of their keys. Guarded by the producer's lock. */
final class ShardRouter {
    private final ServerAddress address;
    private final RetryWindow placing;

    ShardRouter(ServerAddress address, Duration retryFor) {
        this.address = address;
        this.placing = new RetryWindow("Target", retryFor);
    }

    /**
     * Pages by the masters that they go to, in their order; a page without keys goes to all.
     *
     * @param masters in the order of the shards
     * @param runs that wait where a slot has no owner
     */
    List<Targets.Share> split(List<PageData> pages, SlotOwners owners, List<Target> masters, Supplier<Set<Run>> runs)
            throws TransientTargetException, TargetClosedException {
        Map<Target, List<PageData>> shares = new LinkedHashMap<>();
        for (PageData page : pages) {
            split(page, owners, masters, runs, shares);
        }
        placing.succeeded();
        return shares(shares);
    }

    private void split(
            PageData page,
            SlotOwners owners,
            List<Target> masters,
            Supplier<Set<Run>> runs,
            Map<Target, List<PageData>> shares)
            throws TransientTargetException, TargetClosedException {
        if (page.targetDatabase() > 0) {
            throw new TargetClosedException("Target " + address + " is a cluster, which has no database "
                    + page.targetDatabase() + ": map it to 0 by mapDb (--map-db), or copy one database alone.");
        }
        int[] places = new int[page.size()];
        int[] keys = new int[masters.size()];
        for (int i = 0; i < places.length; i++) {
            int slot = Slot.of(
                    page.keys().array(), page.keys().offset(i), page.keys().length(i));
            places[i] = owners.place(slot);
            if (places[i] < 0) {
                owners.suspect();
                throw placing.failed(
                        RedisException.transientError("no master of " + address + " has slot " + slot + ".", null),
                        runs.get());
            }
            keys[places[i]]++;
        }
        for (int shard = 0; shard < keys.length; shard++) {
            if (keys[shard] > 0 || page.size() == 0) {
                int place = shard;
                PageData part = keys[shard] == page.size()
                        ? page
                        : page.select(IntStream.range(0, places.length)
                                .filter(i -> places[i] == place)
                                .toArray());
                shares.computeIfAbsent(masters.get(shard), target -> new ArrayList<>())
                        .add(part);
            }
        }
    }

    /** Shares in the order of their first pages. */
    static List<Targets.Share> shares(Map<Target, List<PageData>> pages) {
        List<Targets.Share> shares = new ArrayList<>(pages.size());
        pages.forEach((target, share) -> shares.add(new Targets.Share(target, share)));
        return shares;
    }
}
