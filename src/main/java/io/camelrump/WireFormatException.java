package io.camelrump;

import java.io.IOException;

/**
 * Bytes that should hold pages in the form for the wire do not, from some place on: they were damaged or cut off, or a
 * later version wrote them. All that stands before that place is sound.
 */
public final class WireFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * Creates the exception.
     *
     * @param offset of the first byte of the record that cannot be read
     * @param problem what is wrong with it
     */
    public WireFormatException(long offset, String problem) {
        super("At byte " + offset + ": " + problem);
        this.offset = offset;
    }

    /** Bytes before it, all of them sound. */
    public long offset() {
        return offset;
    }
}
