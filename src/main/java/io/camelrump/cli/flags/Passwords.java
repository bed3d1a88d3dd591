package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.RedisUri.Password;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.files.OutputFile;
import io.camelrump.redis.PasswordFile;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Where a server's password comes from: a file wins over the address, the address over the environment. */
public final class Passwords {
    private Passwords() {}

    public static @Nullable Password choose(@Nullable Path file, RedisUri uri, @Nullable String variable) {
        if (file != null) {
            return of(file);
        }
        if (uri.password() != null) {
            return uri.password();
        }
        return variable == null || variable.isEmpty() ? null : Password.plain(variable);
    }

    /** Where a log-in failed, what may be wrong about the password's percent signs. */
    public static String hint(Address from, Address to, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String server = cause instanceof RedisException refused ? refused.logInRefusedBy() : null;
            if (server != null) {
                return hint(server, "--from", from) + hint(server, "--to", to);
            }
        }
        return "";
    }

    private static String hint(String server, String flag, Address side) {
        return side instanceof RedisUri uri && uri.isOf(server) ? hint(flag, uri) : "";
    }

    /** A hint about percent signs; empty if the password had none. */
    public static String hint(String side, RedisUri uri) {
        if (uri.password() == null) {
            return "";
        }
        return switch (uri.password().spelling()) {
            case PLAIN -> "";
            case DECODED ->
                " The password in " + side + " was percent-decoded; if it is meant as it stands, write each % as"
                        + " %25, or use a password file.";
            case LITERAL ->
                " The password in " + side + " was taken as it stands, because not every % in it begins %XX; if"
                        + " it is meant percent-encoded, write each lone % as %25.";
        };
    }

    public static void hintAtCommandLine(String flag, String variable) {
        // made here, as the logging must be set up before
        LoggerFactory.getLogger(Passwords.class)
                .info(
                        "The password in {} stands in the command line, which shells remember and other users may read:"
                                + " {}_PASSWORD or {}-password-file keep it out",
                        flag,
                        variable,
                        flag);
    }

    /** @throws IllegalArgumentException as {@link #read} */
    static Password of(Path file) {
        // a pipe, as of a shell's <(...), gives it once
        return Files.isRegularFile(file) ? Password.of(new PasswordFile(file), read(file)) : Password.plain(read(file));
    }

    /**
     * The content of a password file; one that every user can read is warned of.
     *
     * @throws UsageException if it cannot be read
     */
    public static String read(Path file) {
        try {
            OtherUsers.warnOfReaders(file, "password");
            return new PasswordFile(file).read();
        } catch (MalformedInputException e) {
            throw new UsageException("password file " + file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new UsageException("password file " + file + " cannot be read (" + OutputFile.reason(e) + ")");
        }
    }
}
