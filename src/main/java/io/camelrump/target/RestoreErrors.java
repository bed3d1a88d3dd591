package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.RefusalPolicy;
import io.camelrump.TargetClosedException;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.ServerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Meaning of a target's error replies for a batch as a whole: the run ends where an option says so, a slot that moved
 * is followed, and an error that will pass is retried.
 */
final class RestoreErrors {
    private final WritePlan plan;
    private final boolean ofCluster;
    private final WriteCount written;

    RestoreErrors(WritePlan plan, boolean ofCluster, WriteCount written) {
        this.plan = plan;
        this.ofCluster = ofCluster;
        this.written = written;
    }

    /**
     * Throws what the replies to a batch mean.
     *
     * @param foreign first key under whose name the target holds another value; null if there is none
     * @return keys to be written at other masters; null if there are none
     */
    @Nullable
    Redirection check(SentPipeline batch, ServerAddress address, WriteReport report, byte @Nullable [] foreign)
            throws TargetClosedException {
        if (foreign != null && plan.target().getOnConflict() == ConflictPolicy.FAIL) {
            throw new TargetClosedException("Target " + address + " holds another value under "
                    + Refusal.shorten(foreign) + ", and onConflict=fail; " + written + " before.");
        }
        if (report.count(Outcome.REFUSED) > 0 && plan.target().getOnRefused() == RefusalPolicy.FAIL) {
            throw new TargetClosedException(
                    "Target " + address + " refused " + report.refusals().get(0) + ", and onRefused=fail.");
        }
        ErrorReply transientError = batch.transientError();
        if (transientError != null && transientError.isRedirection()) {
            if (!ofCluster) {
                throw new TargetClosedException("Target " + address + " said: " + transientError
                        + ". It is a cluster node: leave mode=standalone (--to-mode) out.");
            }
            return new Redirection(
                    "Target: " + address + " said: " + transientError + ".",
                    batch.slices().stream()
                            .flatMap(slice -> slice.asked().stream())
                            .toList(),
                    List.of());
        }
        if (transientError != null) {
            throw ErrorText.refusal(address, "RESTORE", transientError);
        }
        return null;
    }

    /** Refuses the key at which a server closes the connection again and again. */
    static void refuseIfPoison(PoisonKey poison, List<PageSlice> slices, ServerAddress address) {
        if (poison.isBlamed(slices)) {
            PageSlice slice = slices.get(0);
            slice.refuse(
                    slice.from(),
                    address + " closes the connection at its payload of "
                            + slice.page().payloadLength(slice.from())
                            + " bytes; raise its proto-max-bulk-len or client-query-buffer-limit");
        }
    }
}
