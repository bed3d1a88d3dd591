package io.camelrump.run;

import io.camelrump.ConflictPolicy;
import io.camelrump.TargetClosedException;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.FunctionLibrary;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of a server, which are there once for all its databases.
 *
 * @param dump what FUNCTION DUMP gave
 * @param libraries by name
 * @see <a href="https://redis.io/docs/latest/commands/function-dump/">FUNCTION DUMP</a>
 */
public record Functions(byte[] dump, Map<String, FunctionLibrary> libraries) {
    private static final Logger LOG = LoggerFactory.getLogger(Functions.class);

    public Functions {
        libraries = Map.copyOf(libraries);
    }

    /** All of a source; a server that has none to give is refused. */
    public static Functions of(RedisConnection source) throws IOException {
        Object dump = source.call("FUNCTION", "DUMP");
        if (dump instanceof byte[] payload) {
            return new Functions(payload, FunctionLibrary.list("Source", source));
        }
        throw FunctionLibrary.refusal("Source", source, "FUNCTION DUMP", dump);
    }

    public boolean areSameAs(Functions other) {
        return libraries.keySet().equals(other.libraries.keySet())
                && libraries.entrySet().stream()
                        .allMatch(library -> library.getValue().hasSameCode(other.library(library.getKey())));
    }

    private FunctionLibrary library(String name) {
        FunctionLibrary library = libraries.get(name);
        if (library == null) {
            throw new IllegalArgumentException("no library " + name);
        }
        return library;
    }

    /**
     * Puts them on a target: a library that it has already is replaced, kept, or ends the run. Nothing is loaded where
     * one of them cannot be.
     *
     * @param ours those that were loaded before, of which what the source has no more is deleted; what is loaded now,
     *     or is there alike, is added
     * @param beforeLoading is run when libraries were added, and before they are loaded
     */
    public void restore(RedisConnection target, ConflictPolicy onConflict, LoadedLibraries ours, Runnable beforeLoading)
            throws IOException, TargetClosedException {
        if (libraries.isEmpty() && ours.isEmpty()) {
            return;
        }
        Map<String, FunctionLibrary> there = new TreeMap<>(FunctionLibrary.list("Target", target));
        Map<String, FunctionLibrary> obsolete = obsolete(there, ours);
        there.keySet().removeAll(obsolete.keySet());
        Map<String, FunctionLibrary> loaded = new LinkedHashMap<>();
        Map<String, FunctionLibrary> same = new TreeMap<>();
        for (Map.Entry<String, FunctionLibrary> library : new TreeMap<>(libraries).entrySet()) {
            if (isToLoad(target, library, there, ours, onConflict)) {
                loaded.put(library.getKey(), library.getValue());
            } else if (library.getValue().hasSameCode(there.get(library.getKey()))) {
                same.put(library.getKey(), library.getValue());
            }
        }
        boolean added = ours.add(loaded);
        added |= ours.add(same);
        if (added) {
            beforeLoading.run();
        }
        for (String name : obsolete.keySet()) {
            require("FUNCTION DELETE of " + name, target, target.call("FUNCTION", "DELETE", name));
        }
        if (loaded.size() == libraries.size()) {
            replace(target);
        } else {
            load(target, loaded);
        }
        if (!loaded.isEmpty() || !obsolete.isEmpty()) {
            LOG.info("Target {} has the {} function libraries of the source", target.address(), libraries.size());
        }
    }

    /** Libraries that were written there, are unchanged there since, and no longer exist at the source. */
    private Map<String, FunctionLibrary> obsolete(Map<String, FunctionLibrary> there, LoadedLibraries ours) {
        Map<String, FunctionLibrary> obsolete = new TreeMap<>(there);
        obsolete.keySet().removeAll(libraries.keySet());
        obsolete.entrySet().removeIf(library -> !ours.contain(library.getKey(), library.getValue()));
        return obsolete;
    }

    private boolean isToLoad(
            RedisConnection target,
            Map.Entry<String, FunctionLibrary> library,
            Map<String, FunctionLibrary> there,
            LoadedLibraries ours,
            ConflictPolicy onConflict)
            throws TargetClosedException {
        String name = library.getKey();
        FunctionLibrary other = there.get(name);
        boolean foreign = other != null && !other.hasSameCode(library.getValue()) && !ours.contain(name, other);
        String objection = null;
        if (foreign && onConflict != ConflictPolicy.REPLACE) {
            objection = "has another function library of the name " + name;
        }
        if (objection == null) {
            Map<String, FunctionLibrary> beside = new TreeMap<>(there);
            // those of the source's names are replaced, or stand in the way by themselves
            beside.keySet().removeAll(libraries.keySet());
            objection = FunctionLibrary.collision(Map.of(name, library.getValue()), beside);
        }
        if (objection == null) {
            return onConflict == ConflictPolicy.REPLACE || other == null || !other.hasSameCode(library.getValue());
        }
        if (onConflict != ConflictPolicy.KEEP) {
            throw new TargetClosedException("Target " + target.address() + " " + objection
                    + (onConflict == ConflictPolicy.FAIL ? ", and onConflict=fail" : "")
                    + (ours.isEmpty() ? "; no function and no key was written before." : "."));
        }
        LOG.warn("Target {} {}: it keeps its own", target.address(), objection);
        return false;
    }

    private void replace(RedisConnection target) throws IOException {
        target.out()
                .command(4)
                .arg("FUNCTION")
                .arg("RESTORE")
                .arg(dump)
                .arg("REPLACE")
                .flush();
        Object reply = target.in().reply();
        if (reply instanceof ErrorReply error && error.refusesVersion()) {
            // an older server takes the code all the same
            load(target, libraries);
        } else {
            require("FUNCTION RESTORE", target, reply);
        }
    }

    private static void load(RedisConnection target, Map<String, FunctionLibrary> loaded) throws IOException {
        for (Map.Entry<String, FunctionLibrary> library : loaded.entrySet()) {
            target.out()
                    .command(4)
                    .arg("FUNCTION")
                    .arg("LOAD")
                    .arg("REPLACE")
                    .arg(library.getValue().code())
                    .flush();
            require("FUNCTION LOAD of " + library.getKey(), target, target.in().reply());
        }
    }

    private static void require(String command, RedisConnection target, @Nullable Object reply) {
        if (reply instanceof ErrorReply) {
            throw FunctionLibrary.refusal("Target", target, command, reply);
        }
    }
}
