package io.camelrump.source;

import io.camelrump.keys.KeyListFile;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** File with keys in place of a SCAN: it opens with its first keys, and closes with its last. */
final class ScannedFile {
    /** Null if keys are scanned. */
    private final @Nullable Path path;

    private @Nullable KeyListFile file;

    ScannedFile(@Nullable Path path) {
        this.path = path;
    }

    /** Whether some of its keys were read, and others are left. */
    boolean isOpen() {
        return file != null;
    }

    /** Keys that were read since it was opened. */
    long passed() {
        return file == null ? 0 : file.keys();
    }

    KeyList next(int count) {
        try {
            if (file == null) {
                file = KeyListFile.open(Objects.requireNonNull(path));
            }
            KeyList keys = file.next(count);
            if (file.isAtEnd()) {
                close();
            }
            return keys;
        } catch (IOException e) {
            throw RedisException.permanentError("keysFrom=" + path + " cannot be read: " + ErrorText.words(e));
        }
    }

    void close() {
        KeyListFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }
}
