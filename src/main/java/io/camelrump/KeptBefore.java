package io.camelrump;

import io.camelrump.run.KeptNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.spi.Registry;

/** Keys that runs with {@code onConflict=keep} left to the target, as far as this application knows. */
final class KeptBefore implements KeptNames.Lookup {
    private final Registry registry;

    KeptBefore(Registry registry) {
        this.registry = registry;
    }

    @Override
    public KeptNames.Answer answer(int database, byte[] key) {
        List<KeptKeys> runs = new ArrayList<>(registry.findByType(KeptKeys.class));
        registry.findByType(Ledger.class).stream()
                .map(Ledger::kept)
                .filter(Objects::nonNull)
                .forEach(runs::add);
        KeptNames.Answer answer = runs.isEmpty() ? KeptNames.Answer.UNKNOWN : KeptNames.Answer.NOT_KEPT;
        for (KeptKeys run : runs) {
            KeptNames.Answer one = run.names().answer(database, key);
            if (one == KeptNames.Answer.KEPT) {
                return one;
            }
            answer = one == KeptNames.Answer.UNKNOWN ? one : answer;
        }
        return answer;
    }
}
