package io.camelrump;

import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key of a {@link Page}: its name, its DUMP payload and its expiry; or that it is gone.
 *
 * <p>A view of its page: it keeps the page's bytes alive, and a producer that restores it answers to the page's reader.
 */
public final class DumpedKey {
    private final PageData page;
    private final int index;

    DumpedKey(PageData page, int index) {
        this.page = page;
        this.index = index;
    }

    /**
     * Creates a key that no reader waits for.
     *
     * @param payload what DUMP gave; null for a key that is gone
     * @param expiresAtMillis milliseconds since 1970, or {@link Page#NO_EXPIRY}
     */
    public static DumpedKey of(byte[] key, byte @Nullable [] payload, long expiresAtMillis) {
        Objects.requireNonNull(key, "key is null");
        return new DumpedKey(PageData.of(key, payload, expiresAtMillis), 0);
    }

    /** The key's name, a copy. */
    public byte[] key() {
        return page.key(index);
    }

    /**
     * The payload of DUMP, a copy; null if the key is gone.
     *
     * @throws IllegalStateException if {@link #isInParts}: there is none
     */
    public byte @Nullable [] payload() {
        if (isInParts() && !isGone()) {
            throw new IllegalStateException("Key " + Refusal.quote(key()) + " travels in parts, which have no payload"
                    + " outside of this application: set bigKey=off (--big-key off) on the rump: consumer of a route"
                    + " that hands payloads to a transport, and its large keys are dumped as a whole.");
        }
        return page.payload(index);
    }

    /**
     * Whether the key is too large for one DUMP, or was refused as a payload, so that this is a part of its value, for
     * a {@code rump:} producer alone. The consumer's {@code bigKey=off} has every key dumped as a whole.
     */
    public boolean isInParts() {
        return page.form() != PageForm.PAYLOADS;
    }

    /** When it expires, in milliseconds since 1970 on the source's clock; {@link Page#NO_EXPIRY} if never. */
    public long expiresAtMillis() {
        return page.expiresAtMillis(index);
    }

    /** Whether the key was gone when it was to be read. */
    public boolean isGone() {
        return page.isGone(index);
    }

    /** This payload and expiry under another name; its outcome still reaches the page's reader. */
    public DumpedKey withKey(byte[] key) {
        return new DumpedKey(page.slice(index).withKeys(KeyList.of(key)), 0);
    }

    PageData asPage() {
        return page.slice(index);
    }

    /** The length of key and payload, never their content. */
    @Override
    public String toString() {
        return "DumpedKey[" + page.keys().length(index) + " + " + Math.max(0, page.payloadLength(index)) + " bytes]";
    }
}
