package io.camelrump.run;

import io.camelrump.Refusal;
import io.camelrump.keys.Databases;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.NamesTaken;
import io.camelrump.keys.Renaming;
import io.camelrump.keys.SourceDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys of the source that would get the same name at the target, before the second of them is handed out.
 *
 * <p>A name is taken when the payload of its key has come: a key that is missing, or left out by a filter, has none. A key
 * that keeps its name has it for certain: before a key is renamed, the source is asked whether it holds another one of the
 * new name that the filters take ({@link io.camelrump.source.KeyQuestions}). Renamed keys among themselves can meet only where there are several
 * rules or a regular expression, so only then their names are remembered; and all names are where databases are merged,
 * where not all keys are read, or where the source cannot be asked.
 */
public final class Landings {
    private final @Nullable Renaming renaming;
    private final Databases databases;
    private final boolean partial;
    private final NamesTaken taken = new NamesTaken(this::target);
    private boolean merged;
    private boolean unasked;

    public Landings(@Nullable Renaming renaming, Databases databases, KeySelection selection) {
        this.renaming = renaming;
        this.databases = databases;
        this.partial = selection.isPartial();
    }

    /** Starts with these databases. */
    public void restart(List<SourceDatabase> found) {
        taken.clear();
        merged = databases.areMerged(found.stream().map(SourceDatabase::number).toList());
    }

    private NamesTaken.Source target(NamesTaken.Source source) {
        return new NamesTaken.Source(
                databases.target(source.database()), renaming == null ? source.key() : renaming.rename(source.key()));
    }

    /** The name that the source is to be asked for before this key is renamed; null if it need not be. */
    public byte @Nullable [] nameToAskFor(byte[] key) {
        if (renaming == null || remembersAll() || !renaming.renames(key)) {
            return null;
        }
        byte[] name = renaming.rename(key);
        return renaming.renames(name) ? null : name;
    }

    /** The source does not tell before a payload whether the filters take its key. */
    public void askNothing() {
        unasked = true;
    }

    private boolean remembersAll() {
        return merged || (partial || unasked) && renaming != null;
    }

    private boolean remembers(byte[] key) {
        return remembersAll() || renaming != null && !renaming.isInjective() && renaming.renames(key);
    }

    /**
     * The page with those of its keys whose name at the target is free; null if none is left.
     *
     * @param refused takes the others
     * @param stopParts is run where no more parts of the page's key are wanted
     */
    @Nullable
    public PageData land(@Nullable PageData page, Consumer<Refusal> refused, Runnable stopParts) {
        if (page == null || !remembersAny()) {
            return page;
        }
        int[] free = new int[page.size()];
        int size = 0;
        for (int i = 0; i < free.length; i++) {
            NamesTaken.Source source = new NamesTaken.Source(page.database(), page.key(i));
            NamesTaken.Source other = remembers(source.key()) ? rival(page, i, source) : null;
            if (other == null) {
                free[size++] = i;
            } else {
                refused.accept(new Refusal(source.key(), cause(source, other)));
            }
        }
        if (size == free.length) {
            return page;
        }
        if (page.form() == PageData.Form.PART) {
            stopParts.run();
        }
        return size == 0 ? null : page.only(Arrays.copyOf(free, size));
    }

    private boolean remembersAny() {
        return remembersAll() || renaming != null && !renaming.isInjective();
    }

    /** The key that has the name which the page's key would get; null if it may have it. */
    private NamesTaken.@Nullable Source rival(PageData page, int i, NamesTaken.Source source) {
        if (page.isGone(i)) {
            taken.release(source);
            return null;
        }
        // more parts follow at once, and the last one takes the name
        return page.form() == PageData.Form.PART ? taken.holder(source) : taken.take(source);
    }

    private String cause(NamesTaken.Source source, NamesTaken.Source other) {
        String cause = cause(target(source), other.key());
        return merged
                ? cause + " (database " + source.database() + " comes after " + other.database() + ", and both go to "
                        + databases.target(source.database()) + ")"
                : cause;
    }

    /** Why a key is refused that would get a name that another one has. */
    public static String cause(NamesTaken.Source name, byte[] other) {
        return "it would be called " + Refusal.quote(name.key()) + " at the target, as the key " + Refusal.quote(other)
                + " is";
    }

    /** Why a key is refused if its database holds another one of its new name. */
    public String cause(byte[] key, int database) {
        NamesTaken.Source name = target(new NamesTaken.Source(database, key));
        return cause(name, name.key()) + databases.named(database);
    }
}
