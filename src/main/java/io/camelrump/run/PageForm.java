package io.camelrump.run;

/** Form in which a page holds its keys. */
public enum PageForm {
    /** The payload that DUMP gave of each. */
    PAYLOADS,
    /** Elements of each value, as a {@link io.camelrump.values.KeyPart}: all of them, or the last part. */
    ELEMENTS,
    /** A part of one value, with more to come: no key is settled by it. */
    PART
}
