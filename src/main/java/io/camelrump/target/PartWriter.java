package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.values.CarriedUse;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes values that travel in parts: puts them together under a temporary key, and lets that take the key's name when
 * it is complete, so that nobody ever reads half of a value.
 *
 * <p>Each pipeline is read to its end before the next one: first the elements of all keys, then the change of names of
 * those that are complete.
 */
public final class PartWriter {
    private final RedisConnection connection;
    private final TargetFeatures features;
    private final ElementWriter elements;
    private final RestorePolicy policy;
    private final TemporaryKeys temporaries;
    private final KeySwap swap;
    private final List<Gone> gone = new ArrayList<>();
    /** Temporary keys that are of no use any more. */
    private final List<String> spoiled = new ArrayList<>();

    private @Nullable ErrorReply transientError;

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
        this.policy = policy;
        this.temporaries = temporaries;
        this.swap = new KeySwap(connection, features, clock, policy, temporaries, use);
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

    /**
     * Writes what is due of these slices, and enters the outcome of each key.
     *
     * @return the first foreign key; null if there was none
     */
    public byte @Nullable [] write(List<PageSlice> slices) throws IOException {
        List<SentPart> sent = new ArrayList<>();
        for (PageSlice slice : slices) {
            for (int i = slice.from(); i < slice.to(); i++) {
                if (slice.isDue(i)) {
                    SentPart part = send(slice, i);
                    if (part != null) {
                        sent.add(part);
                    }
                }
            }
        }
        connection.out().flush();
        List<SentPart> complete = new ArrayList<>();
        for (SentPart one : sent) {
            if (isComplete(one)) {
                complete.add(one);
            }
        }
        byte[] foreign = swap.takeNames(complete);
        transientError = transientError == null ? swap.transientError() : transientError;
        spoiled.addAll(swap.takeSpoiled());
        deleteGone();
        discard(spoiled);
        spoiled.clear();
        return foreign;
    }

    /** The first reply that says that the target cannot write now; null if there was none. */
    @Nullable
    public ErrorReply transientError() {
        return transientError;
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
    private @Nullable SentPart send(PageSlice slice, int i) throws IOException {
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
            temporaries.continueCopy(name);
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
        return new SentPart(slice, i, part, name, replies);
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
            if (withheld && !(reply instanceof ErrorReply error && error.isTransient())) {
                one.slice().noteThere(one.index(), !Long.valueOf(0).equals(reply));
                one.slice().set(one.index(), one.without());
            } else if (!(reply instanceof ErrorReply error)) {
                one.slice().set(one.index(), Long.valueOf(1).equals(reply) ? Outcome.DELETED : one.without());
            } else if (error.isTransient()) {
                transientError = transientError == null ? error : transientError;
            } else {
                one.slice().refuse(one.index(), error.text());
            }
        }
        gone.clear();
    }

    /** Reads the replies to the elements of one key; says whether its temporary key may take its name. */
    private boolean isComplete(SentPart sent) throws IOException {
        ErrorReply error = null;
        long expired = 0;
        for (int i = 0; i < sent.replies(); i++) {
            Object reply = connection.in().reply();
            expired += ElementWriter.saysExpired(reply) ? 1 : 0;
            if (reply instanceof ErrorReply refused && error == null && !ElementWriter.isHarmless(refused)) {
                error = refused;
            }
        }
        if (error != null && error.isTransient()) {
            transientError = transientError == null ? error : transientError;
            return false;
        }
        if (error != null && sent.part().step().completes() && ElementWriter.isSignOfChange(error)) {
            sent.slice().noteTorn(sent.index(), error.text());
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
}
