package io.camelrump.source;

import io.camelrump.keys.NameFilter;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.redis.KeyList;
import io.camelrump.run.DisputedKeys;
import io.camelrump.run.Reading;
import io.camelrump.run.RenameCollisions;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.values.TemporaryKeys;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Intake of keys that a SCAN, a file or a change named: those whose names are taken go to the next stage. */
final class KeyIntake {
    private final ScanPlan plan;
    private final KeyScan scan;
    private final PageStages stages;
    private final RateLimiter pace;
    /** Whether keys are dumped; where names are enough, they are not. */
    private final boolean dumps;

    /** Which keys that changed need no DUMP. */
    private final ShortStrings strings;

    private final DisputedKeys disputed;

    KeyIntake(
            ScanPlan plan,
            KeyScan scan,
            PageStages stages,
            RateLimiter pace,
            boolean dumps,
            ShortStrings strings,
            DisputedKeys disputed) {
        this.plan = plan;
        this.scan = scan;
        this.stages = stages;
        this.pace = pace;
        this.dumps = dumps;
        this.strings = strings;
        this.disputed = disputed;
    }

    /** Names of a SCAN, or a file, that are read here. A node's names in slots of others are not counted. */
    KeyList scanned(KeyList names) {
        return named(scan.scope().keep(names));
    }

    /** Names that pass the filters; the others are counted. */
    KeyList named(KeyList names) {
        KeyList ownNames = disputed.without(TemporaryKeys.without(names));
        NameFilter filter = plan.selection().names();
        KeyList kept = filter == null ? ownNames : filter.keep(ownNames);
        stages.unread().filter(ownNames.size() - kept.size());
        return kept;
    }

    /** Takes keys from the changes before they are asked for: what changes from now on is read once more. */
    void takeChanged(ChangedKeys changed, @Nullable RenameCollisions collisions) {
        KeyList some = changed.take(plan.count());
        boolean areChanged = some.size() > 0;
        KeyList keys = named(areChanged ? some : changed.takeSuspects(plan.count()));
        if (areChanged && collisions != null) {
            changed.markRivals(collisions, keys, scan.database());
        }
        Reading reading =
                areChanged ? changed.reading(some, keys, scan.databases().size()) : changed.readingOfSuspects();
        BitSet asStrings = areChanged ? strings.among(keys) : new BitSet();
        for (SourceDatabase database : scan.databases()) {
            int number = database.number();
            takeForDump(KeyChunk.ofShortStrings(select(keys, asStrings, true), number, scan.cursor(), reading));
            take(KeyChunk.beside(select(keys, asStrings, false), number, scan.cursor(), reading));
        }
    }

    private static KeyList select(KeyList keys, BitSet places, boolean isIn) {
        int chosen = isIn ? places.cardinality() : keys.size() - places.cardinality();
        return chosen == keys.size()
                ? keys
                : keys.select(IntStream.range(0, keys.size())
                        .filter(place -> places.get(place) == isIn)
                        .toArray());
    }

    /** Takes keys whose names pass; false if there are none. */
    boolean take(KeyChunk chunk) {
        if (chunk.keys().size() == 0) {
            return false;
        }
        KeyFilterStage filters = stages.filters();
        if (filters == null) {
            return takeForDump(chunk);
        }
        filters.add(chunk);
        return true;
    }

    /** Takes keys that pass all filters; false if there are none, or the sample wants no more. */
    boolean takeForDump(KeyChunk chunk) {
        KeyList keys = scan.sample(chunk.keys());
        if (keys.size() == 0) {
            return false;
        }
        KeyChunk taken = keys == chunk.keys() ? chunk : chunk.with(keys);
        if (dumps) {
            stages.chunks().add(taken);
        } else {
            pace.asked(keys.size());
            stages.pages().add(new PageBuilder(taken, stages.session().clockOffset(), 0, true).names(taken));
        }
        return true;
    }
}
