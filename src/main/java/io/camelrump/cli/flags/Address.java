package io.camelrump.cli.flags;

import org.jspecify.annotations.Nullable;

/** Where keys come from, or go to: a server, or a file. */
public sealed interface Address permits RedisUri, FileUri {
    /** Where it is, as messages and documents name it: without user and password. */
    String place();

    /** The database that it names; null if it names none. */
    @Nullable
    Integer database();

    /**
     * The server.
     *
     * @throws IllegalStateException if it is a file, which whoever needs a server refuses before
     */
    RedisUri redis();

    default boolean isFile() {
        return this instanceof FileUri;
    }
}
