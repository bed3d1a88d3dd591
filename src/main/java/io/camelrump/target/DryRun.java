package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.KeyPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Enters the outcomes that keys would have, and writes nothing. Whether the target takes a payload is asked once for
 * each kind of payload; whether it has the key, only where that matters.
 */
final class DryRun {
    private final RedisConnection connection;
    private final PayloadProbe probe;
    private final ElementWriter elements;
    /** Errors by which the target refuses kinds of payloads, by first byte and version; none where it takes them. */
    private final Map<Integer, Optional<ErrorReply>> refusals = new HashMap<>();

    DryRun(RedisConnection connection, PayloadProbe probe, ElementWriter elements) {
        this.connection = connection;
        this.probe = probe;
        this.elements = elements;
    }

    /** As a pipeline of RESTOREs would: keys that the target has already go to {@code conflicts}. */
    @Nullable
    ErrorReply write(List<PageSlice> slices, ConflictResolver conflicts, BatchWriter writer, boolean replace)
            throws IOException {
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                if (slice.isDue(i) && isOver(slice.page(), i, writer)) {
                    slice.set(i, Outcome.VANISHED);
                }
            }
            boolean[] taken = replace ? new boolean[slice.page().size()] : namesTaken(slice);
            for (int i = slice.from(); i < slice.to(); i++) {
                if (!slice.isDue(i)) {
                    continue;
                }
                if (slice.page().form() != PageForm.PAYLOADS) {
                    takeParts(slice, i, taken[i], conflicts);
                    continue;
                }
                if (taken[i]) {
                    conflicts.add(slice, i);
                    continue;
                }
                ErrorReply error = refusal(slice.page(), i);
                if (error == null) {
                    slice.set(i, Outcome.RESTORED);
                } else if (error.isTransient()) {
                    return error;
                } else if (PayloadRefusal.wantsParts(error, slice.page(), i)) {
                    slice.askByParts(i, error.text());
                } else {
                    slice.refuse(i, error.text());
                }
            }
        }
        return null;
    }

    /** A name that is taken is foreign: the parts show what the value is only when they are put together. */
    private void takeParts(PageSlice slice, int i, boolean taken, ConflictResolver conflicts) {
        KeyPart part = Objects.requireNonNull(KeyPart.of(slice.page(), i));
        String refusal = elements.refusal(part);
        if (refusal == null && taken && part.step().completes()) {
            conflicts.keep(slice, i);
        } else if (refusal == null || part.step() == KeyPart.Step.GIVEN_UP) {
            slice.set(i, Outcome.RESTORED);
        } else {
            slice.refuse(i, refusal);
        }
    }

    private static boolean isOver(PageData page, int i, BatchWriter writer) {
        if (page.isGone(i)) {
            return true;
        }
        long expiry = writer.targetExpiry(page, i);
        return expiry > 0 && writer.isPast(expiry);
    }

    private boolean[] namesTaken(PageSlice slice) throws IOException {
        List<Integer> asked = new ArrayList<>();
        for (int i = slice.from(); i < slice.to(); i++) {
            if (slice.isDue(i)) {
                connection.out().command(2).arg("EXISTS").arg(slice.page().key(i));
                asked.add(i);
            }
        }
        connection.out().flush();
        boolean[] taken = new boolean[slice.page().size()];
        for (int i : asked) {
            Object reply = connection.in().reply();
            if (reply instanceof ErrorReply error) {
                throw ErrorText.refusal(connection.address(), "EXISTS", error);
            }
            taken[i] = Long.valueOf(1).equals(reply);
        }
        return taken;
    }

    /** The error by which the target refuses this payload; null if it takes it. */
    private @Nullable ErrorReply refusal(PageData page, int i) throws IOException {
        int offset = page.payloadOffset(i);
        int length = page.payloadLength(i);
        int kind = (page.payloads()[offset] & 0xff) << 16 | PayloadFooter.version(page.payloads(), offset, length);
        Optional<ErrorReply> known = refusals.get(kind);
        if (known != null) {
            return known.orElse(null);
        }
        ErrorReply error = probe.refusal(Arrays.copyOfRange(page.payloads(), offset, offset + length));
        // a damaged payload, and other words, are about this one, or about now
        boolean aboutAll = error != null
                && (error.refusesVersion() || error.refusesForm())
                && PayloadFooter.isIntact(page.payloads(), offset, length);
        if (error == null || aboutAll) {
            refusals.put(kind, Optional.ofNullable(error));
        }
        return error;
    }
}
