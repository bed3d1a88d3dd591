package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * Which keys are deleted at a target that are gone at a source whose changes are followed.
 *
 * @param initial what the target held of its own
 * @param prune whether what only the target has is deleted, whoever wrote it
 */
public record Deletions(InitialKeys initial, boolean prune) {
    /** For pages that no change is followed by, such as those of a comparison. */
    public static final Deletions UNUSED = new Deletions(new InitialKeys(), false);

    /** Fate of a key that is gone. */
    enum Fate {
        DELETED,
        /** Possibly the target's own: it is looked up, and named if it exists. */
        WITHHELD,
        /** The run follows no changes, or has ended its deleting. */
        IGNORED
    }

    /** Whether deletes are followed at all. Any thread may ask. */
    boolean areFollowed() {
        return prune || initial.areNamed();
    }

    /** Fate of this key of a page, which is gone. */
    Fate of(PageData page, int i) {
        Fate fate = page.carriesDeletes() && !page.isPassedOn(i) ? of(page.keys(), i) : Fate.IGNORED;
        // what the filters leave out is no delete: where it never came from the source there is nothing to follow
        return fate == Fate.WITHHELD && page.isLeftOut(i) ? Fate.IGNORED : fate;
    }

    /** The outcome of a key that is gone, where nothing was deleted. */
    static Outcome without(PageData page, int i) {
        return page.isLeftOut(i) ? Outcome.FILTERED : Outcome.VANISHED;
    }

    private Fate of(KeyList keys, int i) {
        if (prune || initial.wereNone()) {
            return Fate.DELETED;
        }
        return !initial.areNamed() || initial.contain(keys, i) ? Fate.WITHHELD : Fate.DELETED;
    }

    /** Whether a key that only the target has is left there. Any thread may ask. */
    boolean leave(byte[] name) {
        return of(KeyList.of(name), 0) == Fate.WITHHELD;
    }

    /**
     * Whether a key is there, and came from the source; asked of each key of a page, with nothing due on the
     * connection.
     */
    boolean[] findOwn(PageData page, RedisConnection target) throws IOException {
        for (int i = 0; i < page.size(); i++) {
            target.out().command(2).arg("EXISTS").arg(page.key(i));
        }
        target.out().flush();
        boolean[] own = new boolean[page.size()];
        for (int i = 0; i < own.length; i++) {
            // another node may have it: then its slot is followed there
            own[i] = !Long.valueOf(0).equals(target.readProbe("EXISTS")) && of(page.keys(), i) == Fate.DELETED;
        }
        return own;
    }

    /** The names of a target that are not left there. */
    KeyList without(KeyList names) {
        if (prune || initial.wereNone()) {
            return names;
        }
        int[] others = IntStream.range(0, names.size())
                .filter(i -> of(names, i) == Fate.DELETED)
                .toArray();
        return others.length == names.size() ? names : names.select(others);
    }

    /** Enters what the target answered about these keys: those that were written are the source's from here on. */
    void written(PageSlice slice) {
        Receipt receipt = slice.page().receipt();
        if (receipt == null || prune || !receipt.run().isLive()) {
            return;
        }
        ChangeLog changes = receipt.run().changes();
        boolean withholds = !initial.wereNone();
        KeyList keys = slice.page().keys();
        for (int i = slice.from(); i < slice.to(); i++) {
            if (slice.outcome(i) == Outcome.RESTORED) {
                initial.wrote(keys, i);
                if (withholds) {
                    changes.withheld().remove(receipt.key(slice.page().place(i)));
                }
            }
        }
        for (int i = slice.from(); withholds && i < slice.to(); i++) {
            if (slice.isWithheld(i) && slice.outcome(i) != null) {
                byte[] key = receipt.key(slice.page().place(i));
                if (!slice.isThere(i)) {
                    changes.withheld().remove(key);
                } else if (of(keys, i) == Fate.WITHHELD) {
                    changes.withheld().add(key);
                } else {
                    // an earlier reading of it arrived after this one was sent
                    changes.mark(key);
                }
            }
        }
    }
}
