package io.camelrump;

import io.camelrump.redis.ErrorReply;
import java.util.List;

/** A master of a cluster does not take some keys, since their slots are another one's now, or are on their way there. */
final class SlotMovedException extends TransientTargetException {
    private static final long serialVersionUID = 1L;

    /** Keys that another master takes while their slot moves, though it does not own it yet. */
    record Asked(String node, Page page) {}

    private final transient List<Asked> asked;

    SlotMovedException(Target target, ErrorReply redirection, List<Asked> asked) {
        super("Target: " + target + " said: " + redirection + ".");
        this.asked = List.copyOf(asked);
    }

    List<Asked> asked() {
        return asked;
    }
}
