package io.camelrump.target;

import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.PageData;
import java.util.List;

/** A master of a cluster does not take some keys, since their slots are another one's now, or are migrating there. */
public final class SlotMovedException extends TransientTargetException {
    private static final long serialVersionUID = 1L;

    /** Keys that another master takes while their slot moves, though it does not own it yet. */
    public record Asked(String node, PageData page) {}

    private final transient List<Asked> asked;
    private final transient List<PageData> left;

    SlotMovedException(ServerAddress target, ErrorReply redirection, List<Asked> asked) {
        this("Target: " + target + " said: " + redirection + ".", asked, List.of());
    }

    private SlotMovedException(String message, List<Asked> asked, List<PageData> left) {
        super(message);
        this.asked = List.copyOf(asked);
        this.left = List.copyOf(left);
    }

    /** The same, with what is still to be written wherever its slot is. */
    SlotMovedException leaving(List<PageData> pages) {
        return new SlotMovedException(String.valueOf(getMessage()), asked, pages);
    }

    public List<Asked> asked() {
        return asked;
    }

    /** The keys without an outcome, but for those to write elsewhere with ASKING. */
    public List<PageData> left() {
        return left;
    }
}
