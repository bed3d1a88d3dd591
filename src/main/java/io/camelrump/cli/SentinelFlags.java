package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.RedisUri.Password;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log-in of the sentinels, which an address with redis-sentinel:// asks; that of the server stands in the address.
 */
final class SentinelFlags extends FlagGroup {
    private final Flag<String> fromUser = text(
            "--from-sentinel-user",
            "USER",
            "Log in to the source's sentinels as this ACL user. Default: their default user.");
    private final Flag<Path> fromPasswordFile = file(
            "--from-sentinel-password-file",
            "Read the password of the source's sentinels from FILE. Default: RUMP_FROM_SENTINEL_PASSWORD.");
    private final Flag<String> toUser = text(
            "--to-sentinel-user",
            "USER",
            "Log in to the target's sentinels as this ACL user. Default: their default user.");
    private final Flag<Path> toPasswordFile = file(
            "--to-sentinel-password-file",
            "Read the password of the target's sentinels from FILE. Default: RUMP_TO_SENTINEL_PASSWORD.");

    SentinelFlags() {
        super("Sentinels, for redis-sentinel:// addresses");
    }

    /** The source with what is given of its sentinels; wrong values are named by option. */
    RedisUri from(RedisUri uri, @Nullable String variable) {
        return logIn(uri, fromUser.value(), fromPasswordFile.value(), variable);
    }

    RedisUri to(RedisUri uri, @Nullable String variable) {
        return logIn(uri, toUser.value(), toPasswordFile.value(), variable);
    }

    private static RedisUri logIn(
            RedisUri uri, @Nullable String user, @Nullable Path passwordFile, @Nullable String variable) {
        if (passwordFile != null) {
            return uri.withSentinelLogIn(user, read(passwordFile));
        }
        boolean known = variable != null && !variable.isEmpty() && uri.sentinels() != null;
        return uri.withSentinelLogIn(user, known ? Password.plain(variable) : null);
    }

    private static Password read(Path file) {
        try {
            return Passwords.of(file);
        } catch (UsageException e) {
            throw new UsageException("sentinel-" + e.getMessage(), e);
        }
    }
}
