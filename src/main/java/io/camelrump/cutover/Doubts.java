package io.camelrump.cutover;

import io.camelrump.ChangeStatus;
import io.camelrump.Difference;
import io.camelrump.Drained;
import io.camelrump.SourceWrites;
import io.camelrump.VerificationStatus;
import io.camelrump.run.ChangeLog;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why both sides of a live run are not known to be equal after a round of its cutover. */
final class Doubts {
    private final ChangeLog changes;
    private final long begunAt = System.nanoTime();
    private final long reportedBefore;

    /** A cutover begins now: who writes from here on still writes. */
    Doubts(ChangeLog changes) {
        this.changes = changes;
        this.reportedBefore = changes.writes().reported();
    }

    /** After a comparison between two drains; null if nothing differed, and nothing changed meanwhile. */
    @Nullable
    String after(CutoverComparison.Pass pass, Drained before, Drained after) {
        String withheld = missingDeletes();
        if (withheld == null && !changes.withheld().disputed().open().isEmpty()) {
            withheld =
                    "others have written keys at the target since both sides were equal, and nobody has said which side"
                            + " is right";
        }
        if (withheld != null) {
            return withheld;
        }
        String found = found(pass);
        if (found != null) {
            return found;
        }
        if (after.gaps() != before.gaps()) {
            return "some changes of the source were not reported meanwhile";
        }
        return after.changed() == before.changed()
                ? null
                : String.format(
                        Locale.ROOT,
                        "%,d keys were written at the source while both sides were compared",
                        after.changed() - before.changed());
    }

    /** After a comparison of all keys that were not verified; null if they are by now, as the others still are. */
    @Nullable
    String after(CutoverComparison.Pass pass, VerificationStatus others) {
        String found = found(pass);
        return found == null ? lapse(others) : found;
    }

    /**
     * Doubts that remain though writers still write: a key that differs may just have changed. Null if there is none.
     */
    @Nullable
    String besideWriters(CutoverComparison.Pass pass, VerificationStatus others) {
        String withheld = missingDeletes();
        if (withheld != null) {
            return withheld;
        }
        return pass.failure() == null ? lapse(others) : "the comparison failed: " + pass.failure();
    }

    private static @Nullable String found(CutoverComparison.Pass pass) {
        if (pass.failure() != null) {
            return "the comparison failed: " + pass.failure();
        }
        return pass.differing() == 0
                ? null
                : String.format(
                        Locale.ROOT,
                        "%,d keys differed, such as %s",
                        pass.differing(),
                        pass.first().stream()
                                .map(Difference::shortKey)
                                .distinct()
                                .collect(Collectors.joining(", ")));
    }

    /** Why some key is not verified now, where the others were before; null if each is. */
    @Nullable
    String unverified(VerificationStatus before) {
        long keys = changes.verification().status().unverified();
        String lapse = lapse(before);
        return lapse != null || keys == 0 ? lapse : String.format(Locale.ROOT, "%,d keys are not verified", keys);
    }

    private @Nullable String lapse(VerificationStatus before) {
        VerificationStatus now = changes.verification().status();
        return before.epoch() == now.epoch()
                ? null
                : "the verification of the other keys is void, because " + now.cause();
    }

    /** Why a round that ended too early shows nothing. */
    static String notCopiedAgain(CutoverComparison.Pass pass) {
        return String.format(Locale.ROOT, "%,d keys differed, and are not all copied again", pass.differing());
    }

    /** Who still writes, as far as the source reports: the end of a sentence, or nothing. */
    String writes() {
        SourceWrites writes = changes.writes();
        long reported = writes.reported() - reportedBefore;
        if (reported == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "; the source took %.1f writes per second since the cutover began, lately to keys such as %s: stop the"
                        + " writers, or pause them with pauseWrites (--pause-writes)",
                reported * 1e9 / (System.nanoTime() - begunAt),
                String.join(", ", writes.keys()));
    }

    /** Whether no other round will remove the doubt, as keys are not to be deleted. */
    boolean areLasting() {
        ChangeStatus status = changes.status();
        return status.held() > 0 || status.withheld() > 0 || changes.withheld().missesUnseen();
    }

    /** Keys that are gone at the source, and may still be at the target; null if there are none. */
    private @Nullable String missingDeletes() {
        long held = changes.status().held();
        if (held > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source all at once, and are not deleted at the target without"
                            + " allowMassDelete (--allow-mass-delete)",
                    held);
        }
        long withheld = changes.status().withheld();
        if (withheld > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source, such as %s, and were not deleted, as the target held keys of"
                            + " their names before the run: delete them there, or add prune=true (--prune)",
                    withheld,
                    String.join(", ", changes.withheld().names()));
        }
        if (changes.withheld().missesUnseen()) {
            return "keys may be gone at the source unseen, and the target, which held others before the run, follows no"
                    + " deletes: add prune=true (--prune)";
        }
        return null;
    }
}
