package io.camelrump.run;

import org.jspecify.annotations.Nullable;

/**
 * The exchanges that carry one page, copies of them included, and what the route has done with it. Guarded by the run.
 */
final class CarryingExchanges {
    /** 2 s of a stallTimeout of 90 s: a copy of a handled exchange may go on, and is taken up soon. */
    private static final int HANDLED_SHARE = 45;
    /** 5 s of 90 s: a step may have kept the page, to send it on by itself. */
    private static final int DROPPED_SHARE = 18;

    private int exchanges;
    private boolean ended;
    private long endedAt;
    /** How the route treated an exchange that carried it, since the last one took it up. */
    private @Nullable String handledBy;

    private @Nullable String failure;
    private volatile boolean copied;

    /** One more exchange carries the page. */
    void begin() {
        exchanges++;
        ended = false;
        handledBy = null;
    }

    /**
     * An exchange that carried the page has ended.
     *
     * @param handling what the route did with it that may have kept its pages from a target; null if that is not known
     */
    void end(@Nullable String handling) {
        // the exchange whose failure was handled need not be the last one to end
        handledBy = handling == null ? handledBy : handling;
        ended = --exchanges == 0;
        endedAt = System.nanoTime();
    }

    /** A copy that was to carry the page has failed before it came to a target. */
    void fail(String cause) {
        failure = cause;
        end(null);
    }

    /** An exchange that carries the page was copied. May be called without the lock of the run. */
    void copy() {
        copied = true;
    }

    boolean isUnderWay() {
        return exchanges > 0;
    }

    /**
     * Whether the route has let the page drop, as nothing has taken it up since.
     *
     * @param timeout nanoseconds after which any page is taken for lost: far less will do where no exchange carries it
     * @param copiesKept whether a step keeps copies for a while where no exchange carries them, as an aggregator does
     */
    boolean isAbandoned(long timeout, boolean copiesKept) {
        boolean mayBeKept = copiesKept && copied && handledBy == null;
        return ended
                && !mayBeKept
                && System.nanoTime() - endedAt >= timeout / (handledBy != null ? HANDLED_SHARE : DROPPED_SHARE);
    }

    /** How the page got lost; null if it has not. */
    @Nullable
    String abandonedBy() {
        if (!ended || handledBy != null) {
            return ended ? handledBy : null;
        }
        return copied
                ? "its exchange and all copies of it ended without reaching a target"
                        + (failure == null ? "" : "; one of them failed: " + failure)
                : "its exchange ended without reaching a target";
    }
}
