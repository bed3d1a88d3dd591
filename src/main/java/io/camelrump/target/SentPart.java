package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.run.PageData;
import io.camelrump.values.KeyPart;

/**
 * A part of a key in flight to its temporary key.
 *
 * @param name of the temporary key
 * @param replies that are due for its elements
 */
record SentPart(PageSlice slice, int index, KeyPart part, String name, int replies) {
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
