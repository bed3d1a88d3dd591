package io.camelrump.redis;

import java.io.IOException;

/** A connection was given up, as its server left it silent and answered another one. */
final class SilentConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    SilentConnectionException(String message, IOException cause) {
        super(message, cause);
    }
}
