package io.camelrump.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** File that holds a password: it is read for each new connection, so that the password may change meanwhile. */
public record PasswordFile(Path path) implements Credential {

    /** The password as it is now, without the line end behind it. */
    public String read() throws IOException {
        return Files.readString(path).replaceFirst("\\R\\z", "");
    }

    @Override
    public String current(String server) {
        try {
            return read();
        } catch (IOException e) {
            throw RedisException.transientError(
                    "The password file " + path + " of " + server + " cannot be read (" + e + ").", null);
        }
    }

    @Override
    public boolean mayChange() {
        return true;
    }
}
