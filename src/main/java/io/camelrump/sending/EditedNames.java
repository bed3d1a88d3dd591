package io.camelrump.sending;

import io.camelrump.Refusal;
import io.camelrump.TargetClosedException;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.NameGivers;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.IntStream;

/**
 * Names of keys at one producer's target where routes take pages apart, as any step may rename a key there: of two keys
 * that would get one name the second is refused. Of other runs nothing is remembered.
 *
 * <p>Guarded by the producer's lock.
 */
final class EditedNames {
    private final Map<Run, Names> runs = new WeakHashMap<>();

    private record Names(ScanEpoch epoch, NameGivers givers) {}

    /**
     * The pages without the keys whose names others have, of which their reader hears.
     *
     * @throws TargetClosedException if a step renamed a key by itself, and more names than fit would have to be known
     */
    List<PageData> free(List<PageData> pages) throws TargetClosedException {
        List<PageData> free = new ArrayList<>();
        for (PageData page : pages) {
            free.add(areKeysApart(page) ? free(page) : page);
        }
        return free;
    }

    /** In a live run names are given by steps that see to that themselves; pages of an earlier scan are void. */
    private static boolean areKeysApart(PageData page) {
        Receipt receipt = page.receipt();
        return receipt != null
                && receipt.run().targets().areKeysApart()
                && !receipt.run().isLive()
                && receipt.epoch().equals(receipt.run().epoch());
    }

    private PageData free(PageData page) throws TargetClosedException {
        Receipt receipt = page.receipt();
        NameGivers givers = givers(receipt);
        Map<Integer, String> causes = new HashMap<>();
        for (int i = 0; i < page.size(); i++) {
            if (page.isGone(i)) {
                continue;
            }
            int place = page.place(i);
            if (!givers.give(page.keys(), i, page.targetDatabase(), receipt.keys(), place, receipt.database())) {
                causes.put(
                        i,
                        "it would be called " + Refusal.quote(page.key(i))
                                + " at the target, as another key of the run is");
            } else if (givers.isFull() && receipt.run().targets().areKeysMoved() && isMoved(page, i)) {
                throw new TargetClosedException("A step of the route renames keys one by one, and more than "
                        + givers.size() + " names must be remembered, to find two keys that would get one name: set a"
                        + " larger -Xmx, or rename by the consumer's rename (--rename) or a RenameKeys step.");
            }
        }
        if (causes.isEmpty()) {
            return page;
        }
        receipt.settlement().refuse(page, causes);
        return page.select(IntStream.range(0, page.size())
                .filter(i -> !causes.containsKey(i))
                .toArray());
    }

    private static boolean isMoved(PageData page, int i) {
        Receipt receipt = page.receipt();
        return page.targetDatabase() != DatabaseMapping.AS_PRODUCER_SAYS
                || !page.keys().isSame(i, receipt.keys(), page.place(i));
    }

    private NameGivers givers(Receipt receipt) {
        Names known = runs.get(receipt.run());
        if (known == null || !known.epoch().equals(receipt.epoch())) {
            known = new Names(receipt.epoch(), new NameGivers());
            runs.put(receipt.run(), known);
        }
        return known.givers();
    }
}
