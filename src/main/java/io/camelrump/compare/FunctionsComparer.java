package io.camelrump.compare;

import io.camelrump.ConflictPolicy;
import io.camelrump.Difference;
import io.camelrump.TargetClosedException;
import io.camelrump.redis.FunctionLibrary;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.Functions;
import io.camelrump.run.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the functions of a source with those of a server, and puts them there again if that is wanted. */
final class FunctionsComparer {
    private final Functions source;
    private final ComparePlan plan;
    private final Run run;

    FunctionsComparer(Functions source, ComparePlan plan, Run run) {
        this.source = source;
        this.plan = plan;
        this.run = run;
    }

    void compare(RedisConnection target) throws IOException, TargetClosedException {
        Map<String, FunctionLibrary> there = new TreeMap<>(FunctionLibrary.list("Target", target));
        if (plan.comparison().isRepair() && differs(there)) {
            source.restore(target, plan.target().getOnConflict(), run.targets().loadedLibraries(), () -> {});
            there = new TreeMap<>(FunctionLibrary.list("Target", target));
        }
        for (String name : new TreeSet<>(source.libraries().keySet())) {
            if (!there.containsKey(name)) {
                note(name, Difference.Cause.MISSING, "only the source has this function library");
            } else if (isOther(name, there)) {
                note(name, Difference.Cause.VALUE, "the code of this function library differs");
            }
        }
        for (String name : there.keySet()) {
            if (!source.libraries().containsKey(name)) {
                note(name, Difference.Cause.EXTRA, "only the target has this function library");
            }
        }
    }

    private boolean differs(Map<String, FunctionLibrary> there) {
        return source.libraries().keySet().stream().anyMatch(name -> !there.containsKey(name) || isOther(name, there));
    }

    /** Whether the target has other code under this name, and not by the policy of the run. */
    private boolean isOther(String name, Map<String, FunctionLibrary> there) {
        FunctionLibrary other = there.get(name);
        FunctionLibrary ours = source.libraries().get(name);
        return other != null
                && ours != null
                && !other.hasSameCode(ours)
                && plan.target().getOnConflict() != ConflictPolicy.KEEP;
    }

    private void note(String name, Difference.Cause cause, String detail) {
        run.note(new Difference(name.getBytes(StandardCharsets.UTF_8), Difference.OF_SERVER, cause, detail));
    }
}
