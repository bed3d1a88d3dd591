package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.FileUri;
import io.camelrump.cli.flags.Passwords;
import io.camelrump.cli.flags.RedisUri;
import io.camelrump.cli.flags.SentinelFlags;
import io.camelrump.cli.flags.ServerFlags;
import io.camelrump.cli.flags.TlsFlags;
import io.camelrump.cli.process.Arguments;
import io.camelrump.files.FileAddress;
import io.camelrump.redis.TlsFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads the addresses of both sides, and of a server what belongs to it: its log-in, TLS files and sentinels. */
final class Addresses {
    private static final String FORMS =
            "redis://[user:password@]host[:port][/db], or a file such as backup.rump, file:PATH or -";

    private final Map<String, String> environment;
    private final ServerFlags servers;
    private final TlsFlags tls;
    private final SentinelFlags sentinels;

    Addresses(Map<String, String> environment, ServerFlags servers, TlsFlags tls, SentinelFlags sentinels) {
        this.environment = environment;
        this.servers = servers;
        this.tls = tls;
        this.sentinels = sentinels;
    }

    /** @throws UsageException if it is wrong, or not given; the message begins with its flag */
    Address from() {
        return address("--from", servers.from.value(), servers.fromPasswordFile.value(), sentinels::from, tls::from);
    }

    /** @throws UsageException if it is wrong, or not given; the message begins with its flag */
    Address to() {
        return address("--to", servers.to.value(), servers.toPasswordFile.value(), sentinels::to, tls::to);
    }

    private Address address(
            String flag,
            @Nullable String given,
            @Nullable Path passwordFile,
            BiFunction<RedisUri, @Nullable String, RedisUri> sentinelLogIn,
            Function<@Nullable String, TlsFiles> files) {
        String variable = "RUMP_" + flag.substring(2).toUpperCase(Locale.ROOT);
        String text = given != null ? given : environment.getOrDefault(variable, "");
        if (text.isEmpty()) {
            throw new UsageException(flag + " is required: " + FORMS);
        }
        return FileAddress.isOne(text)
                ? file(flag, text)
                : secured(
                        flag,
                        server(flag, text, given != null, passwordFile, variable),
                        uri -> sentinelLogIn.apply(uri, environment.get(variable + "_SENTINEL_PASSWORD")),
                        () -> files.apply(environment.get(variable + "_KEY_PASSWORD")));
    }

    private FileUri file(String flag, String text) {
        try {
            Arguments.isTyped(flag, environment);
            return new FileUri(FileAddress.parse(text));
        } catch (UsageException e) {
            throw new UsageException(flag + " " + e.getMessage(), e);
        }
    }

    private RedisUri server(String flag, String text, boolean given, @Nullable Path passwordFile, String variable) {
        try {
            boolean typed = Arguments.isTyped(flag, environment);
            RedisUri uri = RedisUri.parse(text);
            if (uri.password() != null && (given || typed)) {
                Passwords.hintAtCommandLine(flag, variable);
            }
            RedisUri.Password password = Passwords.choose(passwordFile, uri, environment.get(variable + "_PASSWORD"));
            if (password == null && uri.username() != null) {
                throw new UsageException("has no colon before its @: write redis://:password@host for a password"
                        + " alone, redis://user:password@host for a user, or give the user's password in "
                        + variable
                        + "_PASSWORD");
            }
            return password == null ? uri : uri.with(password);
        } catch (UsageException e) {
            throw new UsageException(flag + " " + e.getMessage(), e);
        }
    }

    /** With the files that flags name, which are read here once: a wrong one is wrong usage. */
    private static RedisUri secured(
            String flag, RedisUri uri, UnaryOperator<RedisUri> sentinelLogIn, Supplier<TlsFiles> files) {
        try {
            RedisUri secured = sentinelLogIn.apply(uri).with(files.get());
            secured.address();
            return secured;
        } catch (UsageException e) {
            throw new UsageException(flag + "-" + e.getMessage(), e);
        }
    }
}
