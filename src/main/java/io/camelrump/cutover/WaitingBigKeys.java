package io.camelrump.cutover;

import io.camelrump.BigKey;
import io.camelrump.run.Run;
import java.util.List;
import java.util.Locale;

/** Big keys that a cutover waits for. */
record WaitingBigKeys(List<BigKey> keys) {
    WaitingBigKeys(Run run) {
        this(run.sources().bigKeys().all());
    }

    /** A sentence that follows another one; empty if there are none. */
    String sentence() {
        double seconds =
                keys.stream().mapToLong(key -> key.reading().toMillis()).sum() / 1e3;
        return keys.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        " Big keys are read once more meanwhile, %,d, such as %s: %s.",
                        keys.size(),
                        keys.get(0).key(),
                        RoughTime.of(seconds));
    }
}
