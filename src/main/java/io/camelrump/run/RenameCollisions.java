package io.camelrump.run;

import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.RenameRules;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys of the source that would get the same name at the target, before the second of them is handed out.
 *
 * <p>A name is taken when the payload of its key has come: a key that is missing, or left out by a filter, has none. A
 * key that keeps its name has it for certain: before a key is renamed, the source is asked whether it holds another one
 * of the new name that the filters take ({@link io.camelrump.source.KeyMetadataQueries}). Renamed keys among themselves
 * can meet only where there are several rules or a regular expression, so only then their names are remembered; and all
 * names are where databases are merged, where not all keys are read, or where the source cannot be asked.
 *
 * <p>There is one for all readers of a run, which take turns on one thread: slots move from one node of a cluster to
 * another.
 */
public final class RenameCollisions {
    private final @Nullable RenameRules renaming;
    private final DatabaseMapping databases;
    private final ReverseMapping origins;
    private final boolean partial;
    private final boolean live;
    private final NameOwners owners = new NameOwners(this::target);
    /** Databases that were found to hold keys since the scan began. */
    private final TreeSet<Integer> found = new TreeSet<>();

    private boolean merged;
    private boolean unasked;
    private ScanEpoch epoch = ScanEpoch.NONE;

    /** @param live whether changes are followed */
    public RenameCollisions(
            @Nullable RenameRules renaming, DatabaseMapping databases, KeySelection selection, boolean live) {
        this.renaming = renaming;
        this.databases = databases;
        this.origins = new ReverseMapping(databases, renaming, selection.wanted());
        this.partial = selection.isPartial();
        this.live = live;
    }

    /** A reader begins with these databases; in another scan of the run than before all names are free. */
    public void begin(ScanEpoch current, List<SourceDatabase> ofReader) {
        if (!current.equals(epoch)) {
            epoch = current;
            owners.clear();
            found.clear();
        }
        add(ofReader);
    }

    /** These databases are read too. */
    public void add(List<SourceDatabase> ofReader) {
        ofReader.forEach(database -> found.add(database.number()));
        merged = databases.areMerged(List.copyOf(found));
    }

    @Nullable
    public RenameRules renaming() {
        return renaming;
    }

    public ReverseMapping origins() {
        return origins;
    }

    /** Whether keys get other names while changes are followed. */
    public boolean followsRenamed() {
        return live && renaming != null;
    }

    public boolean renames(byte[] key) {
        return renaming != null && renaming.renames(key);
    }

    /** Other keys that would get the name of this one, as far as the rules show them, or as they took it. */
    public List<TargetNameIndex.Source> rivals(TargetNameIndex.Source source) {
        TargetNameIndex.Source name = target(source);
        List<TargetNameIndex.Source> rivals = candidates(name.database(), name.key());
        rivals.removeIf(source::isSame);
        return rivals;
    }

    /**
     * A key that changed and keeps its name has it from now on, or gives it back: renamed ones that get it are read
     * again.
     */
    public void markRivals(KeyList changed, int database, ChangeLog changes) {
        if (!followsRenamed()) {
            return;
        }
        for (int i = 0; i < changed.size(); i++) {
            byte[] key = changed.get(i);
            if (!renames(key)) {
                rivals(new TargetNameIndex.Source(database, key)).forEach(rival -> changes.mark(rival.key()));
            }
        }
    }

    /** The keys that may have got a name at the target, the one that took it first. */
    public List<TargetNameIndex.Source> candidates(int targetDatabase, byte[] name) {
        int database = databases.keepNumbers() ? targetDatabase : DatabaseMapping.AS_PRODUCER_SAYS;
        TargetNameIndex.Source holder = owners.ownerOf(new TargetNameIndex.Source(database, name));
        List<TargetNameIndex.Source> all = new ArrayList<>();
        if (holder != null) {
            all.add(holder);
        }
        origins.of(targetDatabase, name).sources().stream()
                .filter(origin -> holder == null || !origin.isSame(holder))
                .forEach(all::add);
        return all;
    }

    private TargetNameIndex.Source target(TargetNameIndex.Source source) {
        return new TargetNameIndex.Source(
                databases.target(source.database()), renaming == null ? source.key() : renaming.rename(source.key()));
    }

    /** The name to look up at the source before this key is renamed; null if there is none. */
    public byte @Nullable [] nameToAskFor(byte[] key) {
        if (renaming == null || remembersAll() || !renaming.renames(key)) {
            return null;
        }
        byte[] name = renaming.rename(key);
        return renaming.renames(name) ? null : name;
    }

    /** The source does not say before a payload whether the filters take its key. */
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
     * @param passedOn places of keys that are gone, and whose names others get: their deletes are not for the target
     * @param books take the others: those that are refused, and deletes that are not for the target
     * @param stopParts is run where no more parts of the page's key are wanted
     */
    @Nullable
    public PageData land(@Nullable PageData page, BitSet passedOn, Run books, Runnable stopParts) {
        if (page == null || !remembersAny() && passedOn.isEmpty()) {
            return page;
        }
        NameOwners.Contest contest = owners.settle(page, page.database(), this::remembers, books.changes());
        contest.owners().forEach((i, owner) -> {
            TargetNameIndex.Source source = new TargetNameIndex.Source(page.database(), page.key(i));
            books.sources().refuse(new Refusal(source.key(), cause(source, owner)));
        });
        BitSet leftOut = (BitSet) passedOn.clone();
        leftOut.or(contest.passedOn());
        int vanished = leftOut.cardinality();
        contest.owners().keySet().forEach(leftOut::set);
        books.pages().leaveOut(Outcome.VANISHED, vanished, epoch);
        if (leftOut.isEmpty()) {
            return page;
        }
        if (page.form() == PageForm.PART) {
            stopParts.run();
        }
        int[] free =
                IntStream.range(0, page.size()).filter(i -> !leftOut.get(i)).toArray();
        return free.length == 0 ? null : page.only(free, page.origin().only(free));
    }

    private boolean remembersAny() {
        return remembersAll() || renaming != null && !renaming.isInjective();
    }

    private String cause(TargetNameIndex.Source source, TargetNameIndex.Source other) {
        String cause = cause(target(source), other.key());
        return merged
                ? cause + " (database " + source.database() + " comes after " + other.database() + ", and both go to "
                        + databases.target(source.database()) + ")"
                : cause;
    }

    /** Why a key is refused that would get a name that another one has. */
    public static String cause(TargetNameIndex.Source name, byte[] other) {
        return "it would be called " + Refusal.quote(name.key()) + " at the target, as the key " + Refusal.quote(other)
                + " is";
    }

    /** Why a key is refused if its database holds another one of its new name. */
    public String cause(byte[] key, int database) {
        TargetNameIndex.Source name = target(new TargetNameIndex.Source(database, key));
        return cause(name, name.key()) + databases.named(database);
    }
}
