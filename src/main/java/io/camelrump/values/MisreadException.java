package io.camelrump.values;

/** A reply about a key's elements has another form than that of its command. */
final class MisreadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MisreadException() {
        // it is replaced by an error that shows the reply
        super(null, null, false, false);
    }
}
