package io.camelrump.backup;

import io.camelrump.RedisType;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.LongRange;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.util.Set;

/**
 * Which keys of a page are taken, as far as the page shows it: by name, type, size of the payload, and time left. Keys
 * that are gone are taken by their names, so that their deletes arrive.
 */
final class PageFilter {
    private final KeySelection selection;
    private final DatabaseMapping databases;
    private final Set<String> types;
    private final boolean byName;
    private final boolean asPagesSay;
    /** Now, on the clock of this host. */
    private final ServerClock clock = ServerClock.unknown();

    /** @param asPagesSay whether all databases are read, and each page goes where it was meant to go */
    PageFilter(ScanPlan plan, boolean asPagesSay) {
        this.selection = plan.selection();
        this.databases = plan.databases();
        this.types = plan.types();
        this.byName = plan.match() != null || selection.names() != null;
        this.asPagesSay = asPagesSay;
    }

    boolean takesDatabase(PageData page) {
        return asPagesSay || databases.reads(page.database());
    }

    /** Whether no key of any page is left out. */
    boolean takesAll() {
        return !byName && types.isEmpty() && selection.sizes() == null && selection.ttls() == null;
    }

    boolean takes(PageData page, int i) {
        if (byName && !selection.wanted().test(page.key(i))) {
            return false;
        }
        return page.isGone(i) || takesValue(page, i);
    }

    /** Whether the key is one of the temporary keys of a run, which are no data. */
    static boolean isTemporary(PageData page, int i) {
        return TemporaryKeys.isTemporary(page.keys(), i);
    }

    private boolean takesValue(PageData page, int i) {
        KeyPart part = page.form() == PageForm.PAYLOADS ? null : KeyPart.of(page, i);
        if (!types.isEmpty()) {
            String type = part == null
                    ? RedisType.ofPayload(page.payloads()[page.payloadOffset(i)])
                            .word()
                    : part.type();
            if (!types.contains(type)) {
                return false;
            }
        }
        LongRange sizes = selection.sizes();
        if (sizes != null && !sizes.includes(part == null ? page.payloadLength(i) : part.size())) {
            return false;
        }
        LongRange ttls = selection.ttls();
        return ttls == null || ttls.includes(millisLeft(page, i));
    }

    private long millisLeft(PageData page, int i) {
        long expiry = page.expiresAtMillis(i);
        if (expiry == PageData.NO_EXPIRY) {
            return Long.MAX_VALUE;
        }
        long now = selection.ttlsAsOf() == 0 ? clock.nowMillis() : selection.ttlsAsOf();
        return Math.max(0, clock.translate(expiry, page.origin().clockOffsetMicros()) - now);
    }
}
