package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Swaps complete temporary keys for the keys whose names they take, each in one transaction, so that a reader finds the
 * old value or the new one. A name that another key has taken meanwhile is left to it.
 */
final class KeySwap {
    /** Values up to this size are compared to tell a foreign key from one of ours. */
    private static final long COMPARED_BYTES = 1024 * 1024;

    /** MULTI and three more, with REPLACE as without: see {@link #takeNames}. */
    private static final int COMMANDS_BEFORE_EXEC = 4;

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final ServerClock clock;
    private final RestorePolicy policy;
    private final TemporaryKeys temporaries;
    private final CarriedUse use;
    private final List<String> spoiled = new ArrayList<>();
    private @Nullable ErrorReply transientError;

    KeySwap(
            RedisConnection connection,
            TargetFeatures features,
            ServerClock clock,
            RestorePolicy policy,
            TemporaryKeys temporaries,
            CarriedUse use) {
        this.connection = connection;
        this.features = features;
        this.clock = clock;
        this.policy = policy;
        this.temporaries = temporaries;
        this.use = use;
    }

    /** The first reply that says that the target cannot write now; null if there was none. */
    @Nullable
    ErrorReply transientError() {
        return transientError;
    }

    /** Temporary keys that are of no use any more; returned once. */
    List<String> takeSpoiled() {
        List<String> taken = List.copyOf(spoiled);
        spoiled.clear();
        return taken;
    }

    /**
     * Gives these keys their names, and enters the outcome of each.
     *
     * @return the first foreign key; null if there was none
     */
    byte @Nullable [] takeNames(List<SentPart> complete) throws IOException {
        List<SentPart> whole = onlyWhole(complete);
        Map<SentPart, byte[]> carried = carried(whole);
        for (SentPart sent : whole) {
            send(sent, carried.get(sent));
        }
        connection.out().flush();
        List<SentPart> taken = new ArrayList<>();
        for (SentPart sent : whole) {
            ErrorReply refused = null;
            for (int i = 0; i < COMMANDS_BEFORE_EXEC; i++) {
                if (connection.in().reply() instanceof ErrorReply error && refused == null) {
                    refused = error;
                }
            }
            enter(sent, connection.in().reply(), refused, taken);
        }
        return foreign(taken);
    }

    /** @param payload with idle time or frequency, to be restored in place of the rename; null if there is none */
    private void send(SentPart sent, byte @Nullable [] payload) throws IOException {
        RespWriter out = connection.out();
        byte[] temporary = TemporaryKeys.bytes(sent.name());
        long expiry = targetExpiry(sent);
        out.command(1).arg("MULTI");
        if (policy.replace()) {
            out.command(2).arg(features.delete()).arg(sent.key());
        }
        // before the names change, as a foreign key that keeps its name must keep its expiry too
        if (expiry > 0) {
            out.command(3).arg("PEXPIREAT").arg(temporary).arg(expiry);
        } else {
            out.command(2).arg("PERSIST").arg(temporary);
        }
        if (payload == null) {
            out.command(3)
                    .arg(policy.replace() ? "RENAME" : "RENAMENX")
                    .arg(temporary)
                    .arg(sent.key());
        } else {
            CarriedUse.restore(out, sent.page(), sent.index(), expiry, payload);
            spoiled.add(sent.name());
        }
        if (!policy.replace()) {
            // a copy that did not get the name is compared and removed, and expires if nobody does so
            out.command(3).arg("PEXPIRE").arg(temporary).arg(TemporaryKeys.MILLIS);
        }
        out.command(1).arg("EXEC");
    }

    private Map<SentPart, byte[]> carried(List<SentPart> whole) throws IOException {
        Map<SentPart, byte[]> payloads = new IdentityHashMap<>();
        for (SentPart sent : features.absoluteTtl() ? whole : List.<SentPart>of()) {
            byte[] temporary = TemporaryKeys.bytes(sent.name());
            byte[] payload = use.payload(connection, sent.page(), sent.index(), sent.part(), temporary);
            if (payload != null) {
                payloads.put(sent, payload);
            }
        }
        return payloads;
    }

    /** Keys of which every part has come, and as many elements as the source reported; the others are read again. */
    private List<SentPart> onlyWhole(List<SentPart> complete) throws IOException {
        for (SentPart sent : complete) {
            ElementWriter.writeCount(connection.out(), sent.part().type(), TemporaryKeys.bytes(sent.name()));
        }
        connection.out().flush();
        List<SentPart> whole = new ArrayList<>();
        for (SentPart sent : complete) {
            Object count = connection.in().reply();
            if (count instanceof ErrorReply error && error.isTransient()) {
                transientError = transientError == null ? error : transientError;
            } else if (count instanceof ErrorReply error && (error.deniesCommand() || error.isUnknownCommand())) {
                // the next reading could not be counted either
                sent.slice().refuse(sent.index(), uncounted(sent.part().type(), error));
                spoiled.add(sent.name());
            } else if (temporaries.isWhole(sent.name(), sent.part(), count)) {
                whole.add(sent);
            } else {
                sent.slice().noteIncomplete(sent.index());
                spoiled.add(sent.name());
            }
        }
        return whole;
    }

    private static String uncounted(String type, ErrorReply error) {
        String command = ElementWriter.countCommand(type).toLowerCase(Locale.ROOT);
        return "its " + type + " was written and not counted: " + error.text()
                + (error.deniesCommand() ? ": add the rule +" + command : "");
    }

    private void enter(SentPart sent, @Nullable Object executed, @Nullable ErrorReply refused, List<SentPart> taken)
            throws ReplyException {
        ErrorReply error = refused;
        Object renamed = null;
        if (executed instanceof List<?> replies) {
            // behind UNLINK and the expiry, or behind the expiry alone
            int place = policy.replace() ? 2 : 1;
            renamed = replies.size() > place ? replies.get(place) : null;
            if (renamed == null) {
                throw new ReplyException("EXEC", executed, "a reply to each command");
            }
            error = renamed instanceof ErrorReply reply ? reply : null;
        } else if (error == null && executed instanceof ErrorReply reply) {
            error = reply;
        } else if (error == null) {
            throw new ReplyException("EXEC", executed, "a reply to each command");
        }
        if (Long.valueOf(0).equals(renamed) || error != null && error.code().equals("BUSYKEY")) {
            taken.add(sent);
        } else if (error == null) {
            temporaries.end(sent.name());
            long expiry = targetExpiry(sent);
            sent.set(expiry > 0 && expiry <= clock.nowMillis() ? Outcome.VANISHED : Outcome.RESTORED);
        } else if (error.isTransient()) {
            transientError = transientError == null ? error : transientError;
        } else if (error.isOfMissing()) {
            // past its expiry on arrival, as all that it has: EXEC has removed it
            boolean empty = temporaries.hasExpired(sent.name(), sent.part());
            temporaries.end(sent.name());
            long expiry = targetExpiry(sent);
            if (empty || expiry > 0 && expiry <= clock.nowMillis()) {
                sent.set(Outcome.VANISHED);
            } else {
                sent.slice().noteIncomplete(sent.index());
            }
        } else {
            sent.slice().refuse(sent.index(), error.text());
            spoiled.add(sent.name());
        }
    }

    /** Tells our own keys from foreign ones among those whose name was taken. */
    private byte @Nullable [] foreign(List<SentPart> taken) throws IOException {
        byte[] first = null;
        for (SentPart sent : taken) {
            boolean ours = isSame(sent);
            sent.set(ours ? Outcome.RESTORED : Outcome.KEPT);
            first = ours || first != null ? first : sent.key();
        }
        taken.stream().map(SentPart::name).forEach(spoiled::add);
        return first;
    }

    private boolean isSame(SentPart sent) throws IOException {
        if (sent.part().length() > COMPARED_BYTES || sent.part().step() != KeyPart.Step.WHOLE) {
            return false;
        }
        Object theirs = connection.probe(SourceFeatures.expiryName(features.exactExpiry()), sent.key());
        return theirs instanceof Long expiry
                && ConflictResolver.isSameExpiry(targetExpiry(sent), expiry, features.exactExpiry(), clock)
                && connection.probe("DUMP", TemporaryKeys.bytes(sent.name())) instanceof byte[] payload
                && connection.probe("DUMP", sent.key()) instanceof byte[] there
                && Arrays.equals(payload, there);
    }

    private long targetExpiry(SentPart sent) {
        return policy.expiry(sent.page(), sent.index(), clock);
    }
}
