package io.camelrump;

import java.util.Locale;

/** Operation of an endpoint: on the keys of a page, or on a run. */
public enum Operation {
    /** Writes them. */
    RESTORE,
    /** Compares them with what the server holds, and writes only repairs. */
    COMPARE,
    /** Looks which of them the server does not have. */
    LOOKUP,
    /** Says where the run is. */
    STATUS,
    /** Has it read nothing until it is resumed. */
    PAUSE,
    /** Has it read on. */
    RESUME,
    /** Changes how fast it may read. */
    LIMIT,
    /** Has a live run cut over. */
    CUTOVER,
    /** Has a way back lead the clients back: cuts over in the other direction. */
    GO_BACK,
    /** Ends a way back. */
    RELEASE,
    /** Ends it before its end. */
    ABORT,
    /** Gives a route what happens to it, as its consumer. */
    EVENTS;

    /** The operation as a URI and a document have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is about a run, and no keys. */
    boolean steers() {
        return switch (this) {
            case RESTORE, COMPARE, LOOKUP -> false;
            case STATUS, PAUSE, RESUME, LIMIT, CUTOVER, GO_BACK, RELEASE, ABORT, EVENTS -> true;
        };
    }
}
