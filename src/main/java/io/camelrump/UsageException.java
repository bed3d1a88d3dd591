package io.camelrump;

import org.jspecify.annotations.Nullable;

/** An option, a flag, a file or a route is given wrong: the message names it, and what it must be. */
public class UsageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
