package io.camelrump;

import io.camelrump.run.KeptKeyIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.spi.Registry;

/** Keys that runs with {@code onConflict=keep} left to the target, as far as this application knows. */
final class KeptKeyLookup implements KeptKeyIndex.Lookup {
    private final Registry registry;

    KeptKeyLookup(Registry registry) {
        this.registry = registry;
    }

    @Override
    public KeptKeyIndex.Answer answer(int database, byte[] key) {
        List<KeptKeys> runs = new ArrayList<>(registry.findByType(KeptKeys.class));
        registry.findByType(Ledger.class).stream()
                .map(Ledger::kept)
                .filter(Objects::nonNull)
                .forEach(runs::add);
        KeptKeyIndex.Answer answer = runs.isEmpty() ? KeptKeyIndex.Answer.UNKNOWN : KeptKeyIndex.Answer.NOT_KEPT;
        for (KeptKeys run : runs) {
            KeptKeyIndex.Answer one = run.names().answer(database, key);
            if (one == KeptKeyIndex.Answer.KEPT) {
                return one;
            }
            answer = one == KeptKeyIndex.Answer.UNKNOWN ? one : answer;
        }
        return answer;
    }
}
