package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.RedisUri.Password;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The log-in of the sentinels, which an address with redis-sentinel:// asks; that of the server stands in the address.
 */
final class SentinelFlags {
    @Option(
            names = "--from-sentinel-user",
            paramLabel = "USER",
            description = "Log in to the source's sentinels as this ACL user. Default: their default user.")
    private @Nullable String fromUser;

    @Option(
            names = "--from-sentinel-password-file",
            paramLabel = "FILE",
            description =
                    "Read the password of the source's sentinels from FILE. Default: RUMP_FROM_SENTINEL_PASSWORD.")
    private @Nullable Path fromPasswordFile;

    @Option(
            names = "--to-sentinel-user",
            paramLabel = "USER",
            description = "Log in to the target's sentinels as this ACL user. Default: their default user.")
    private @Nullable String toUser;

    @Option(
            names = "--to-sentinel-password-file",
            paramLabel = "FILE",
            description = "Read the password of the target's sentinels from FILE. Default: RUMP_TO_SENTINEL_PASSWORD.")
    private @Nullable Path toPasswordFile;

    /** The source with what is given of its sentinels; wrong values are named by option. */
    RedisUri from(RedisUri uri, @Nullable String variable) {
        return logIn(uri, fromUser, fromPasswordFile, variable);
    }

    RedisUri to(RedisUri uri, @Nullable String variable) {
        return logIn(uri, toUser, toPasswordFile, variable);
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
