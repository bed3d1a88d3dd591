package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.RedisUri.Password;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The log-in of the sentinels, which an address with redis-sentinel:// asks; that of the server stands in the address.
 */
public final class SentinelFlags extends FlagGroup {
    private final Side from = new Side("from", "source");
    private final Side to = new Side("to", "target");

    public SentinelFlags() {
        super("Sentinels, for redis-sentinel:// addresses");
    }

    /** The source with what is given of its sentinels; wrong values are named by option. */
    public RedisUri from(RedisUri uri, @Nullable String variable) {
        return from.logIn(uri, variable);
    }

    public RedisUri to(RedisUri uri, @Nullable String variable) {
        return to.logIn(uri, variable);
    }

    /** The flags about the sentinels of one of the two servers. */
    private final class Side {
        private final Flag<String> user;
        private final Flag<Path> passwordFile;

        Side(String prefix, String server) {
            user = text(
                    "--" + prefix + "-sentinel-user",
                    "USER",
                    "Log in to the " + server + "'s sentinels as this ACL user. Default: their default user.");
            passwordFile = file(
                    "--" + prefix + "-sentinel-password-file",
                    "Read the password of the " + server + "'s sentinels from FILE. Default: RUMP_"
                            + prefix.toUpperCase(Locale.ROOT) + "_SENTINEL_PASSWORD.");
        }

        RedisUri logIn(RedisUri uri, @Nullable String variable) {
            Path file = passwordFile.value();
            if (file != null) {
                return uri.withSentinelLogIn(user.value(), read(file));
            }
            boolean known = variable != null && !variable.isEmpty() && uri.sentinels() != null;
            return uri.withSentinelLogIn(user.value(), known ? Password.plain(variable) : null);
        }
    }

    private static Password read(Path file) {
        try {
            return Passwords.of(file);
        } catch (UsageException e) {
            throw new UsageException("sentinel-" + e.getMessage(), e);
        }
    }
}
