package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which versions of payloads a target takes: asked once for each version that comes. Payloads of a version that it does
 * not take travel with the footer of an older one, where their form allows it.
 */
public final class PayloadVersions {
    private static final Logger LOG = LoggerFactory.getLogger(PayloadVersions.class);

    private final Set<Integer> taken = new HashSet<>();
    private final Set<Integer> refused = new HashSet<>();

    /** Whether nothing has to be asked before this page is written. */
    boolean know(PageData page) {
        int version = version(page);
        return version == 0 || taken.contains(version) || refused.contains(version);
    }

    /** Asks for the version of this page's payloads; nothing else may be due on the connection. */
    public void learn(PageData page, RedisConnection connection, ServerInfo info) throws IOException {
        if (know(page)) {
            return;
        }
        int version = version(page);
        ErrorReply refusal = PayloadProbe.of(connection, info).refusal(version);
        ErrorText.definitive(connection.address(), "RESTORE", refusal);
        if (refusal == null) {
            taken.add(version);
        } else if (refusal.refusesVersion()) {
            refused.add(version);
            LOG.info(
                    "Target {} takes no payloads of version {}: they travel with the footer of an older one",
                    connection.address(),
                    version);
        }
    }

    void clear() {
        taken.clear();
        refused.clear();
    }

    /** The footer that a payload needs for this target; null if it may go, or has to be tried, as it is. */
    byte @Nullable [] footer(PageData page, int i) {
        if (refused.isEmpty()) {
            return null;
        }
        byte[] payloads = page.payloads();
        int offset = page.payloadOffset(i);
        int length = page.payloadLength(i);
        return refused.contains(PayloadFooter.version(payloads, offset, length))
                ? PayloadFooter.oldest(payloads, offset, length)
                : null;
    }

    /** Version of a page's payloads: it comes from one server, so the first payload decides for all. */
    private static int version(PageData page) {
        if (page.form() != PageForm.PAYLOADS) {
            return 0;
        }
        for (int i = 0; i < page.size(); i++) {
            if (!page.isGone(i)) {
                return PayloadFooter.version(page.payloads(), page.payloadOffset(i), page.payloadLength(i));
            }
        }
        return 0;
    }
}
