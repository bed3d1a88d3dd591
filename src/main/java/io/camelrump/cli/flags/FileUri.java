package io.camelrump.cli.flags;

import io.camelrump.files.FileAddress;
import io.camelrump.files.OutputFile;
import org.jspecify.annotations.Nullable;

/** A file in the place of a server, as a person types it. */
public record FileUri(FileAddress file) implements Address {
    @Override
    public String place() {
        return file.toString();
    }

    /** None: a file may hold keys of several. */
    @Override
    public @Nullable Integer database() {
        return null;
    }

    @Override
    public RedisUri redis() {
        throw new IllegalStateException(file + " is a file");
    }

    /** Whether keys that go there go to standard output, which then has room for nothing else. */
    public boolean isStandardOutput() {
        return OutputFile.of(file.toPath()).kind() == OutputFile.Kind.STANDARD_OUTPUT;
    }

    @Override
    public String toString() {
        return place();
    }
}
