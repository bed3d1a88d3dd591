package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.redis.FunctionLibrary;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Function libraries that a migration has loaded into its targets, in this run or an earlier one, or found there alike.
 * They are its own: they may be replaced there whatever the policy, and the source's deletes apply to them.
 *
 * <p>A library counts with its code, so that one that somebody has changed at the target since is left alone. Any
 * thread may ask.
 */
public final class LoadedLibraries {
    /** Digests of the codes that were loaded under each name. */
    @GuardedBy("this")
    private final Map<String, Set<String>> digests = new TreeMap<>();

    /** Adds libraries that are about to be loaded; false if all of them were known. */
    public synchronized boolean add(Map<String, FunctionLibrary> libraries) {
        boolean grown = false;
        for (Map.Entry<String, FunctionLibrary> library : libraries.entrySet()) {
            grown |= digests.computeIfAbsent(library.getKey(), name -> new TreeSet<>())
                    .add(library.getValue().digest());
        }
        return grown;
    }

    synchronized boolean contain(String name, FunctionLibrary library) {
        return digests.getOrDefault(name, Set.of()).contains(library.digest());
    }

    /** Whether any code was loaded under this name. */
    public synchronized boolean contain(String name) {
        return digests.containsKey(name);
    }

    synchronized boolean isEmpty() {
        return digests.isEmpty();
    }

    /** Digests by name, for a later run. */
    public synchronized Map<String, Set<String>> digests() {
        Map<String, Set<String>> copy = new TreeMap<>();
        digests.forEach((name, codes) -> copy.put(name, Set.copyOf(codes)));
        return copy;
    }

    /** An earlier run has loaded these. */
    synchronized void resume(Map<String, Set<String>> earlier) {
        earlier.forEach((name, codes) ->
                digests.computeIfAbsent(name, none -> new TreeSet<>()).addAll(codes));
    }

    synchronized void clear() {
        digests.clear();
    }
}
