package io.camelrump;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.spi.Registry;

/** What the runs before a comparison with {@code onConflict=keep} left to the target, as far as this application knows. */
final class KeptBefore {
    private final Registry registry;

    KeptBefore(Registry registry) {
        this.registry = registry;
    }

    /** What is known of a key of the source; unknown where no such run is. */
    KeptKeys.Answer answer(int database, byte[] key) {
        List<KeptKeys> runs = new ArrayList<>(registry.findByType(KeptKeys.class));
        registry.findByType(Ledger.class).stream()
                .map(Ledger::kept)
                .filter(Objects::nonNull)
                .forEach(runs::add);
        KeptKeys.Answer answer = runs.isEmpty() ? KeptKeys.Answer.UNKNOWN : KeptKeys.Answer.NOT_KEPT;
        for (KeptKeys run : runs) {
            KeptKeys.Answer one = run.answer(database, key);
            if (one == KeptKeys.Answer.KEPT) {
                return one;
            }
            answer = one == KeptKeys.Answer.UNKNOWN ? one : answer;
        }
        return answer;
    }
}
