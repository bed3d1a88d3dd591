package io.camelrump.source;

import io.camelrump.keys.NameFilter;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.KeyList;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.values.TemporaryKeys;

/** Intake of keys that a SCAN, a file or a change named: those whose names are taken go to the next stage. */
final class KeyIntake {
    private final ScanPlan plan;
    private final KeyScan scan;
    private final PageStages stages;
    private final RateLimiter pace;
    /** Whether keys are dumped; where names are enough, they are not. */
    private final boolean dumps;

    KeyIntake(ScanPlan plan, KeyScan scan, PageStages stages, RateLimiter pace, boolean dumps) {
        this.plan = plan;
        this.scan = scan;
        this.stages = stages;
        this.pace = pace;
        this.dumps = dumps;
    }

    /** Names of a SCAN, or a file, that are read here. A node's names in slots of others are not counted. */
    KeyList scanned(KeyList names) {
        return named(scan.scope().keep(names));
    }

    /** Names that pass the filters; the others are counted. */
    KeyList named(KeyList names) {
        KeyList ownNames = TemporaryKeys.without(names);
        NameFilter filter = plan.selection().names();
        KeyList kept = filter == null ? ownNames : filter.keep(ownNames);
        stages.unread().filter(ownNames.size() - kept.size());
        return kept;
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
