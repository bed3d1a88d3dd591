package io.camelrump.live;

import io.camelrump.keys.ReverseMapping;
import io.camelrump.redis.KeyList;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.InFlightKeys;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins a {@link TargetSweep} where one is wanted, and does it step by step. */
final class TargetSweeps {
    private final Run run;
    private final ChangeLog changes;
    private final ReverseMapping origins;
    private final boolean anyNumber;
    private final SourceWatch watch;
    private @Nullable TargetSweep sweep;

    /** @param anyNumber whether keys are deleted however many are gone at once */
    TargetSweeps(Run run, ChangeLog changes, ReverseMapping origins, SourceWatch watch, boolean anyNumber) {
        this.run = run;
        this.changes = changes;
        this.origins = origins;
        this.watch = watch;
        this.anyNumber = anyNumber;
    }

    /** Whether one goes on. */
    boolean isUnderWay() {
        return sweep != null;
    }

    /** @param ready whether the scan has ended, and nothing that was reported is held back */
    void turn(PageSource source, boolean ready) throws InterruptedException {
        if (source.isAtEnd() && run.pages().isSettled()) {
            changes.taken().arrived();
        }
        if (sweep == null
                && ready
                && !run.targets().isAnyWanted()
                && changes.gaps().takeSweep()) {
            // a database that was emptied while all its keys were in flight shows by their number alone
            watch.look();
            readInFlightAgain();
            List<Participant> participants = run.targets().participants();
            sweep = new TargetSweep(source, origins, changes, participants, anyNumber);
            if (participants.stream().anyMatch(Participant::withholdsDeletes)) {
                changes.withheld().missUnseen();
            }
        }
        if (sweep != null && !sweep.step()) {
            sweep = null;
        }
    }

    /** Keys in these pages may be gone unseen too, and are not among the target's keys yet. */
    private void readInFlightAgain() {
        for (InFlightKeys page : run.pages().keys()) {
            KeyList keys = page.keys();
            for (int i = 0; i < keys.size(); i++) {
                changes.mark(keys.get(i));
            }
        }
    }
}
