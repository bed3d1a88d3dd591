package io.camelrump.values;

import io.camelrump.Refusal;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.run.PageData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets keys that are put together from parts keep the idle time, or the frequency, that they had at their source.
 *
 * <p>RESTORE alone can set it, and RENAME forgets it. So a complete copy is dumped, and restored under the key's own
 * name with its use, unless that would hold up the target for long: then the loss is reported with the first key.
 */
public final class CarriedUse {
    private static final long MOST_BYTES =
            Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final Logger LOG = LoggerFactory.getLogger(CarriedUse.class);

    private boolean saidLost;

    /** The payload of a temporary key whose use is carried; null if it is not. */
    public byte @Nullable [] payload(RedisConnection target, PageData page, int index, KeyPart part, byte[] temporary)
            throws IOException {
        KeyUsage usage = page.origin().usage();
        if (usage == null || usage.values()[page.place(index)] < 0) {
            return null;
        }
        byte[] payload =
                part.size() <= MOST_BYTES && target.probe("DUMP", temporary) instanceof byte[] dumped ? dumped : null;
        if (payload == null && !saidLost) {
            saidLost = true;
            LOG.warn(
                    "{} of about {} bytes goes in parts and looks freshly used at the target, as others above {} bytes"
                            + " will: RESTORE alone can set idle time and frequency, and it is not dumped there",
                    Refusal.quote(page.key(index)),
                    part.size(),
                    MOST_BYTES);
        }
        return payload;
    }

    /**
     * Restores it under a name that no key has, and does not flush.
     *
     * @param expiry on the target's clock; 0 if it has none
     */
    public static void restore(RespWriter out, PageData page, int index, long expiry, byte[] payload)
            throws IOException {
        KeyUsage usage = page.origin().usage();
        if (usage == null) {
            throw new IllegalStateException("nothing is known of the use of these keys");
        }
        out.command(7).arg("RESTORE").arg(page.key(index)).arg(expiry).arg(payload);
        out.arg("ABSTTL").arg(usage.kind().name()).arg(usage.values()[page.place(index)]);
    }
}
