package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that travel in parts: puts them together under a temporary key, and lets that take the key's name when
 * it is complete, so that nobody ever reads half of a value.
 *
 * <p>Each pipeline is read to its end before the next one: first the elements of all keys, then the change of names of
 * those that are complete.
 */
public final class PartWriter {
    /** Values up to this size are compared to tell a foreign key from one of ours. */
    private static final long COMPARED_BYTES = 1024 * 1024;

    /** MULTI and three more, with REPLACE as without: see {@link #takeNames}. */
    private static final int COMMANDS_BEFORE_EXEC = 4;

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final ElementWriter elements;
    private final ServerClock clock;
    private final RestorePolicy policy;
    private final TemporaryKeys temporaries;
    private final CarriedUse use;
    private final List<Gone> gone = new ArrayList<>();
    /** Temporary keys that are of no use any more. */
    private final List<String> spoiled = new ArrayList<>();

    private @Nullable ErrorReply passing;

    public PartWriter(
            RedisConnection connection,
            TargetFeatures features,
            ElementWriter elements,
            ServerClock clock,
            RestorePolicy policy,
            TemporaryKeys temporaries,
            CarriedUse use) {
        this.connection = connection;
        this.features = features;
        this.elements = elements;
        this.clock = clock;
        this.policy = policy;
        this.temporaries = temporaries;
        this.use = use;
    }

    /** A key of a slice that the source does not have. */
    private record Gone(PageSlice slice, int index) {
        byte[] key() {
            return slice.page().key(index);
        }

        Outcome without() {
            return Deletions.without(slice.page(), index);
        }
    }

    /** A key of a slice in flight, and how many replies are due for its elements. */
    private record Sent(PageSlice slice, int index, KeyPart part, String name, int replies) {
        PageData page() {
            return slice.page();
        }

        byte[] key() {
            return page().key(index);
        }

        void set(Outcome outcome) {
            slice.set(index, outcome);
        }
    }

    /**
     * Writes what is due of these slices, and enters the outcome of each key.
     *
     * @return the first foreign key; null if there was none
     */
    public byte @Nullable [] write(List<PageSlice> slices) throws IOException {
        List<Sent> sent = new ArrayList<>();
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                if (slice.isDue(i)) {
                    Sent one = send(slice, i);
                    if (one != null) {
                        sent.add(one);
                    }
                }
            }
        }
        connection.out().flush();
        List<Sent> complete = new ArrayList<>();
        for (Sent one : sent) {
            if (isComplete(one)) {
                complete.add(one);
            }
        }
        byte[] foreign = takeNames(complete);
        deleteGone();
        discard(spoiled);
        spoiled.clear();
        return foreign;
    }

    /** The first reply that says that the target cannot write now; null if there was none. */
    @Nullable
    public ErrorReply passing() {
        return passing;
    }

    /** Removes what was put together of copies that will not go on. */
    void discard(List<String> names) throws IOException {
        for (String name : names) {
            connection.out().command(2).arg(features.delete()).arg(TemporaryKeys.bytes(name));
        }
        connection.out().flush();
        for (String name : names) {
            connection.in().reply();
            temporaries.end(name);
        }
    }

    // --- elements ---

    /** Sends the elements of one key; null if there are none to send. */
    private @Nullable Sent send(PageSlice slice, int i) throws IOException {
        KeyPart part = KeyPart.of(slice.page(), i);
        if (part == null) {
            delete(slice, i);
            return null;
        }
        if (part.step() == KeyPart.Step.UNREAD) {
            slice.refuse(i, "its value was not read, as its reader has bigValues=false");
            return null;
        }
        String name = TemporaryKeys.name(part.copy(), slice.page().key(i));
        String refusal = temporaries.refusal(name);
        if (refusal == null) {
            refusal = elements.refusal(part);
        }
        RespWriter out = connection.out();
        byte[] temporary = TemporaryKeys.bytes(name);
        int replies = 0;
        if (part.step().begins()) {
            temporaries.begin(name);
        } else {
            temporaries.goOn(name);
        }
        if (part.step().begins() || part.step() == KeyPart.Step.GIVEN_UP || refusal != null) {
            out.command(2).arg(features.delete()).arg(temporary);
            replies++;
        }
        if (refusal != null) {
            temporaries.refuse(name, refusal);
        } else if (part.step() != KeyPart.Step.GIVEN_UP) {
            replies += elements.write(part, temporary);
            out.command(3).arg("PEXPIRE").arg(temporary).arg(TemporaryKeys.MILLIS);
            replies++;
        }
        return new Sent(slice, i, part, name, replies);
    }

    private void delete(PageSlice slice, int i) {
        switch (policy.deletions().of(slice.page(), i)) {
            case DELETED -> gone.add(new Gone(slice, i));
            case WITHHELD -> {
                slice.withhold(i);
                gone.add(new Gone(slice, i));
            }
            case IGNORED -> slice.set(i, Deletions.without(slice.page(), i));
        }
    }

    /** Deletes the keys that are gone at a source whose changes are followed. */
    private void deleteGone() throws IOException {
        for (Gone one : gone) {
            boolean withheld = one.slice().isWithheld(one.index());
            connection
                    .out()
                    .command(2)
                    .arg(withheld ? "EXISTS" : features.delete())
                    .arg(one.key());
        }
        connection.out().flush();
        for (Gone one : gone) {
            Object reply = connection.in().reply();
            boolean withheld = one.slice().isWithheld(one.index());
            if (withheld && !(reply instanceof ErrorReply error && error.isPassing())) {
                one.slice().isThere(one.index(), !Long.valueOf(0).equals(reply));
                one.slice().set(one.index(), one.without());
            } else if (!(reply instanceof ErrorReply error)) {
                one.slice().set(one.index(), Long.valueOf(1).equals(reply) ? Outcome.DELETED : one.without());
            } else if (error.isPassing()) {
                passing = passing == null ? error : passing;
            } else {
                one.slice().refuse(one.index(), error.text());
            }
        }
        gone.clear();
    }

    /** Reads the replies to the elements of one key; says whether its temporary key may take its name. */
    private boolean isComplete(Sent sent) throws IOException {
        ErrorReply error = null;
        long expired = 0;
        for (int i = 0; i < sent.replies(); i++) {
            Object reply = connection.in().reply();
            expired += ElementWriter.saysExpired(reply) ? 1 : 0;
            if (reply instanceof ErrorReply refused && error == null && !ElementWriter.isHarmless(refused)) {
                error = refused;
            }
        }
        if (error != null && error.isPassing()) {
            passing = passing == null ? error : passing;
            return false;
        }
        if (error != null && sent.part().step().completes() && ElementWriter.isSignOfChange(error)) {
            sent.slice().isTorn(sent.index(), error.text());
            spoiled.add(sent.name());
            return false;
        }
        if (error != null) {
            temporaries.refuse(sent.name(), "its " + sent.part().type() + " was refused: " + error.text());
        } else {
            temporaries.took(sent.name(), sent.part().number(), expired);
        }
        String refusal = temporaries.refusal(sent.name());
        if (!sent.part().step().completes()) {
            if (sent.part().step() == KeyPart.Step.GIVEN_UP) {
                temporaries.end(sent.name());
            }
            sent.set(Outcome.RESTORED);
            return false;
        }
        if (refusal != null) {
            sent.slice().refuse(sent.index(), refusal);
            spoiled.add(sent.name());
            return false;
        }
        return true;
    }

    // --- names ---

    private byte @Nullable [] takeNames(List<Sent> complete) throws IOException {
        List<Sent> whole = onlyWhole(complete);
        Map<Sent, byte[]> carried = carried(whole);
        RespWriter out = connection.out();
        for (Sent sent : whole) {
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
            byte[] payload = carried.get(sent);
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
        out.flush();
        List<Sent> taken = new ArrayList<>();
        for (Sent sent : whole) {
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

    private Map<Sent, byte[]> carried(List<Sent> whole) throws IOException {
        Map<Sent, byte[]> payloads = new IdentityHashMap<>();
        for (Sent sent : features.absoluteTtl() ? whole : List.<Sent>of()) {
            byte[] temporary = TemporaryKeys.bytes(sent.name());
            byte[] payload = use.payload(connection, sent.page(), sent.index(), sent.part(), temporary);
            if (payload != null) {
                payloads.put(sent, payload);
            }
        }
        return payloads;
    }

    /** Keys of which every part has come, and as many elements as the source reported; the others are read again. */
    private List<Sent> onlyWhole(List<Sent> complete) throws IOException {
        for (Sent sent : complete) {
            ElementWriter.writeCount(connection.out(), sent.part().type(), TemporaryKeys.bytes(sent.name()));
        }
        connection.out().flush();
        List<Sent> whole = new ArrayList<>();
        for (Sent sent : complete) {
            Object count = connection.in().reply();
            if (count instanceof ErrorReply error && error.isPassing()) {
                passing = passing == null ? error : passing;
            } else if (temporaries.isWhole(sent.name(), sent.part(), count)) {
                whole.add(sent);
            } else {
                sent.slice().isIncomplete(sent.index());
                spoiled.add(sent.name());
            }
        }
        return whole;
    }

    private void enter(Sent sent, @Nullable Object executed, @Nullable ErrorReply refused, List<Sent> taken) {
        ErrorReply error = refused;
        Object renamed = null;
        if (executed instanceof List<?> replies) {
            // behind UNLINK and the expiry, or behind the expiry alone
            renamed = replies.get(policy.replace() ? 2 : 1);
            error = renamed instanceof ErrorReply reply ? reply : null;
        } else if (error == null && executed instanceof ErrorReply reply) {
            error = reply;
        }
        if (Long.valueOf(0).equals(renamed) || error != null && error.code().equals("BUSYKEY")) {
            taken.add(sent);
        } else if (error == null) {
            temporaries.end(sent.name());
            long expiry = targetExpiry(sent);
            sent.set(expiry > 0 && expiry <= clock.nowMillis() ? Outcome.VANISHED : Outcome.RESTORED);
        } else if (error.isPassing()) {
            passing = passing == null ? error : passing;
        } else if (error.text().contains("no such key")) {
            // past its expiry on arrival, as all that it has: EXEC has removed it
            boolean empty = temporaries.hasExpired(sent.name(), sent.part());
            temporaries.end(sent.name());
            long expiry = targetExpiry(sent);
            if (empty || expiry > 0 && expiry <= clock.nowMillis()) {
                sent.set(Outcome.VANISHED);
            } else {
                sent.slice().isIncomplete(sent.index());
            }
        } else {
            sent.slice().refuse(sent.index(), error.text());
            spoiled.add(sent.name());
        }
    }

    /** Tells our own keys from foreign ones among those whose name was taken. */
    private byte @Nullable [] foreign(List<Sent> taken) throws IOException {
        byte[] first = null;
        for (Sent sent : taken) {
            boolean ours = isSame(sent);
            sent.set(ours ? Outcome.RESTORED : Outcome.KEPT);
            first = ours || first != null ? first : sent.key();
        }
        taken.stream().map(Sent::name).forEach(spoiled::add);
        return first;
    }

    private boolean isSame(Sent sent) throws IOException {
        if (sent.part().length() > COMPARED_BYTES || sent.part().step() != KeyPart.Step.WHOLE) {
            return false;
        }
        Object theirs = connection.call(features.exactExpiry() ? "PEXPIRETIME" : "PTTL", sent.key());
        return theirs instanceof Long told
                && ConflictResolver.isSameExpiry(targetExpiry(sent), told, features.exactExpiry(), clock)
                && connection.call("DUMP", TemporaryKeys.bytes(sent.name())) instanceof byte[] payload
                && connection.call("DUMP", sent.key()) instanceof byte[] there
                && Arrays.equals(payload, there);
    }

    private long targetExpiry(Sent sent) {
        return policy.expiry(sent.page(), sent.index(), clock);
    }
}
