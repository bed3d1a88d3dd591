package io.camelrump;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a live run as to keys that were compared at both sides and may differ since.
 *
 * @param epoch grows when all that was compared before is void: changes may have been missed, or a target may have lost
 *     keys, and nobody can say which
 * @param cause what began this epoch; null for the first one
 * @param reading number of the last reading of changed keys, for {@link Changes#verified}
 * @param unverified keys that changed, and of which it was not seen yet that the targets have them as the source does
 * @param overflowed whether the names of such keys once took so much memory that they were given up
 * @param unwatched targets that do not report what others write there, so that only a comparison finds it
 */
public record VerificationStatus(
        long epoch, @Nullable String cause, long reading, long unverified, boolean overflowed, List<String> unwatched) {
    public VerificationStatus {
        unwatched = List.copyOf(unwatched);
    }
}
