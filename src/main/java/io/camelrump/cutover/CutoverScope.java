package io.camelrump.cutover;

import io.camelrump.Drained;
import io.camelrump.KeyNames;
import io.camelrump.VerificationStatus;
import io.camelrump.run.ChangeLog;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a cutover compares between its two barriers.
 *
 * @param only those that are not verified by then; null for all
 * @param known what is known of verified keys by then
 * @param reason why all are compared although a verification was tried; null where it was not, or has made that
 *     needless
 */
record CutoverScope(
        @Nullable KeyNames only,
        VerificationStatus known,
        @Nullable String reason) {
    /** Beyond it a comparison of all keys is about as quick. */
    private static final int MOST_NAMES = 10_000;

    /**
     * The scope of a round.
     *
     * @param sweep that has verified keys beside the writers; null if none has
     * @param before the first barrier
     */
    static CutoverScope of(ChangeLog changes, @Nullable VerifyingSweep sweep, Drained before) {
        VerificationStatus known = changes.verification().status();
        if (sweep == null) {
            return new CutoverScope(null, known, null);
        }
        String objection = objection(changes, sweep, known, before);
        return objection == null
                ? new CutoverScope(new KeyNames(changes.verification().names()), known, null)
                : new CutoverScope(null, known, objection);
    }

    /**
     * The scope of keys that are not verified at the second barrier either; null if those would be all keys, or too
     * many.
     *
     * @param known what was known at the first one
     */
    static @Nullable CutoverScope late(ChangeLog changes, VerificationStatus known) {
        VerificationStatus now = changes.verification().status();
        return now.epoch() != known.epoch() || now.unverified() > MOST_NAMES
                ? null
                : new CutoverScope(new KeyNames(changes.verification().names()), now, null);
    }

    private static @Nullable String objection(
            ChangeLog changes, VerifyingSweep sweep, VerificationStatus known, Drained before) {
        VerifyingSweep.Verified verified = sweep.verified();
        if (verified == null) {
            return sweep.objection() == null ? "none was verified yet" : sweep.objection();
        }
        if (verified.epoch() != known.epoch()) {
            return known.cause() + " since the others were verified";
        }
        String unseen = unseen(changes);
        if (unseen != null) {
            return unseen;
        }
        if (before.deletes() && !verified.deletes()) {
            return "keys that only the target has were left aside when the others were verified";
        }
        return known.unverified() > MOST_NAMES
                ? String.format(Locale.ROOT, "%,d keys are not verified", known.unverified())
                : null;
    }

    /** Why keys may differ although nobody has reported that they changed; null if there is no reason to think so. */
    static @Nullable String unseen(ChangeLog changes) {
        List<String> unwatched = changes.verification().status().unwatched();
        return unwatched.isEmpty()
                ? changes.gaps().unreported()
                : "the target does not report what others write there: " + String.join(", ", unwatched);
    }

    /** Whether no key is left to be compared. */
    boolean isNothing() {
        return only != null && only.names().isEmpty();
    }
}
