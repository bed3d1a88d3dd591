package io.camelrump.run;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remarks about a run beside its counts. Guarded by the run. */
final class Remarks {
    private final Set<String> all = new LinkedHashSet<>();
    private @Nullable String omission;

    void add(String sentence) {
        all.add(sentence);
    }

    /** Some keys that belong to what is read are not, so that the run cannot be complete. */
    void leavesOut(String what) {
        omission = what;
    }

    /** Why the run cannot be complete, whatever becomes of the keys that it reads; null if it can. */
    @Nullable
    String omission() {
        return omission;
    }

    List<String> list() {
        return List.copyOf(all);
    }

    void clear() {
        all.clear();
        omission = null;
    }
}
