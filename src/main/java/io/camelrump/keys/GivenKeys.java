package io.camelrump.keys;

import io.camelrump.KeyNames;
import io.camelrump.options.SelectionOptions;
import io.camelrump.redis.KeyList;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys that are read instead of those that SCAN gives. */
public sealed interface GivenKeys {
    /** Keys in a file that {@link KeyListFile} reads. */
    record InFile(Path path) implements GivenKeys {
        @Override
        public long count() {
            return KeyListFile.count(path);
        }

        @Override
        public Reading open() throws IOException {
            return KeyListFile.open(path);
        }

        @Override
        public String toString() {
            return "keysFrom=" + path;
        }
    }

    /** Keys that a host has named. */
    record InMemory(KeyNames given) implements GivenKeys {
        @Override
        public long count() {
            return given.names().size();
        }

        @Override
        public Reading open() {
            return new NamedKeys(KeyList.of(given.names().toArray(new byte[0][])));
        }

        @Override
        public String toString() {
            return "keyNames";
        }
    }

    /** Reads them once, in their order. */
    sealed interface Reading extends AutoCloseable permits KeyListFile, NamedKeys {
        /** The next keys, at most so many. */
        KeyList next(int most) throws IOException;

        boolean isAtEnd();

        /** How many were read so far. */
        long keys();

        @Override
        void close() throws IOException;
    }

    /** Null where SCAN gives the keys. */
    static @Nullable GivenKeys of(SelectionOptions options) {
        if (options.getKeyNames() != null) {
            return new InMemory(options.getKeyNames());
        }
        return options.getKeysFrom() == null ? null : new InFile(Path.of(options.getKeysFrom()));
    }

    /** Counts them; a file is read for that, so that a line that is no key is found before the first key is copied. */
    long count();

    Reading open() throws IOException;
}
