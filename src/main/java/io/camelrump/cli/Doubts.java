package io.camelrump.cli;

import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Difference;
import io.camelrump.Drained;
import io.camelrump.VerificationStatus;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why both sides of a live run are not known to be equal after a round of its cutover. */
final class Doubts {
    private final Changes changes;

    Doubts(Changes changes) {
        this.changes = changes;
    }

    /** After a comparison between two drains; null if both sides are equal. */
    @Nullable
    String after(CutoverScope scope, CutoverComparison.Pass pass, Drained before, Drained after) {
        String withheld = missingDeletes();
        if (withheld != null) {
            return withheld;
        }
        if (pass.failure() != null) {
            return "the comparison failed: " + pass.failure();
        }
        if (pass.differing() > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys differed, such as %s",
                    pass.differing(),
                    pass.first().stream().map(Difference::shortKey).distinct().collect(Collectors.joining(", ")));
        }
        if (after.gaps() != before.gaps()) {
            return "some changes of the source were not reported meanwhile";
        }
        if (after.changed() != before.changed()) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys were written at the source while both sides were compared",
                    after.changed() - before.changed());
        }
        return scope.only() == null ? null : unverified(scope.known());
    }

    /** Where the other keys were verified before. */
    private @Nullable String unverified(VerificationStatus before) {
        VerificationStatus status = changes.verification();
        if (before.epoch() != status.epoch()) {
            return "the verification of the other keys is void, because " + status.cause();
        }
        return status.unverified() == 0
                ? null
                : String.format(Locale.ROOT, "%,d keys are not verified", status.unverified());
    }

    /** Whether no other round will remove the doubt, as keys are not to be deleted. */
    boolean areLasting() {
        ChangeStatus status = changes.status();
        return status.held() > 0 || status.withheld() > 0 || changes.hasUnseenDeletes();
    }

    /** Keys that are gone at the source, and may still be at the target; null if there are none. */
    private @Nullable String missingDeletes() {
        long held = changes.status().held();
        if (held > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source all at once, and are not deleted at the target without"
                            + " --allow-mass-delete",
                    held);
        }
        long withheld = changes.status().withheld();
        if (withheld > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source, such as %s, and were not deleted, as the target held keys of"
                            + " their"
                            + " names before the run: delete them there, or add --prune",
                    withheld,
                    String.join(", ", changes.withheldKeys()));
        }
        if (changes.hasUnseenDeletes()) {
            return "keys may be gone at the source unseen, and the target, which held others before the run, follows no"
                    + " deletes: add --prune";
        }
        return null;
    }
}
