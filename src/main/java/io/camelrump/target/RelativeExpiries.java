package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import java.io.IOException;
import java.util.List;

/**
 * Expiries at a target below Redis 5.0. RESTORE takes no instant there, but the time that a key has left, which does
 * not pass while the command waits for its turn: the key would live so much longer. So the instant is set behind it.
 *
 * @param asking whether each command is sent with ASKING, as the slot is still migrating to the node
 */
public record RelativeExpiries(RedisConnection connection, TargetFeatures features, boolean asking) {

    /** Whether these pages need nothing but RESTORE, each with the key that it replaces. */
    static boolean areDoneByRestore(List<PageData> pages, TargetFeatures features) {
        return features.absoluteTtl() || features.replace() && pages.stream().noneMatch(RelativeExpiries::expires);
    }

    private static boolean expires(PageData page) {
        for (int i = 0; i < page.size(); i++) {
            if (page.expiresAtMillis(i) != PageData.NO_EXPIRY) {
                return true;
            }
        }
        return false;
    }

    /** Sets the instants of keys that were just restored; nothing else may be due on the connection. */
    public void set(List<PageSlice> slices, BatchWriter writer) throws IOException {
        if (features.absoluteTtl()) {
            return;
        }
        RespWriter out = connection.out();
        int sent = 0;
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                long expiry = writer.targetExpiry(slice.page(), i);
                if (expiry > 0 && slice.isRestoreSent(i) && slice.outcome(i) == Outcome.RESTORED) {
                    if (asking) {
                        out.command(1).arg("ASKING");
                        sent++;
                    }
                    slice.page().keys().write(out.command(3).arg("PEXPIREAT"), i);
                    out.arg(expiry);
                    sent++;
                }
            }
        }
        out.flush();
        ErrorReply first = null;
        for (; sent > 0; sent--) {
            first = connection.in().reply() instanceof ErrorReply error && first == null ? error : first;
        }
        if (first != null) {
            throw ErrorText.refusal(connection.address(), "PEXPIREAT", first);
        }
    }
}
