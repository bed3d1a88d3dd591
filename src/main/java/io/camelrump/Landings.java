package io.camelrump;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys of the source that would get the same name at the target, before the second of them is read.
 *
 * <p>A key that keeps its name has it for certain: before a key is renamed, the source is asked whether it holds another
 * one of the new name ({@link KeyQuestions}). Renamed keys among themselves can meet only where there are several rules
 * or a regular expression, so only then their names are remembered; and all names are where databases are merged, or
 * not all keys are read.
 */
final class Landings {
    private final @Nullable Renaming renaming;
    private final Databases databases;
    private final boolean partial;
    private final NamesTaken taken = new NamesTaken(this::target);
    private boolean merged;

    Landings(@Nullable Renaming renaming, Databases databases, KeySelection selection) {
        this.renaming = renaming;
        this.databases = databases;
        this.partial = selection.isPartial();
    }

    /** Starts with these databases. */
    void restart(List<KeyScan.Database> found) {
        taken.clear();
        merged =
                databases.areMerged(found.stream().map(KeyScan.Database::number).toList());
    }

    private NamesTaken.Source target(NamesTaken.Source source) {
        return new NamesTaken.Source(
                databases.target(source.database()), renaming == null ? source.key() : renaming.rename(source.key()));
    }

    /** The name that the source is to be asked for before this key is renamed; null if it need not be. */
    byte @Nullable [] nameToAskFor(byte[] key) {
        if (renaming == null || remembersAll() || !renaming.renames(key)) {
            return null;
        }
        byte[] name = renaming.rename(key);
        return renaming.renames(name) ? null : name;
    }

    private boolean remembersAll() {
        return merged || partial && renaming != null;
    }

    private boolean remembers(byte[] key) {
        return remembersAll() || renaming != null && !renaming.isInjective() && renaming.renames(key);
    }

    /** Those of the keys whose name at the target is free; the others are refused. */
    KeyList land(KeyList keys, int database, Consumer<Refusal> refused) {
        if (renaming == null && !merged || renaming != null && renaming.isInjective() && !remembersAll()) {
            return keys;
        }
        int[] free = new int[keys.size()];
        int size = 0;
        for (int i = 0; i < free.length; i++) {
            NamesTaken.Source source = new NamesTaken.Source(database, keys.get(i));
            NamesTaken.Source other = remembers(source.key()) ? taken.take(source) : null;
            if (other == null) {
                free[size++] = i;
            } else {
                refused.accept(new Refusal(source.key(), cause(source, other)));
            }
        }
        return size == free.length ? keys : keys.select(Arrays.copyOf(free, size));
    }

    private String cause(NamesTaken.Source source, NamesTaken.Source other) {
        String cause = cause(target(source), other.key());
        return merged
                ? cause + " (database " + source.database() + " comes after " + other.database() + ", and both go to "
                        + databases.target(source.database()) + ")"
                : cause;
    }

    /** Why a key is refused that would get a name that another one has. */
    static String cause(NamesTaken.Source name, byte[] other) {
        return "it would be called " + Refusal.quote(name.key()) + " at the target, as the key " + Refusal.quote(other)
                + " is";
    }

    /** Why a key is refused if its database holds another one of its new name. */
    String cause(byte[] key, int database) {
        NamesTaken.Source name = target(new NamesTaken.Source(database, key));
        return cause(name, name.key()) + databases.named(database);
    }
}
