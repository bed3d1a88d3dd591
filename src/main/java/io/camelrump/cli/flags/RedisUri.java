package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.redis.Credential;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.PasswordFile;
import io.camelrump.redis.Sentinels;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TlsFiles;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * A server as a person types it: {@code redis://[user:password@]host[:port][/db]}, {@code rediss://} for TLS,
 * {@code unix://[user:password@]/path[?db=N]} for a Unix socket, or where sentinels report where it is
 * {@code redis-sentinel://[user:password@]host[:port][,host[:port]...]/master[/db]}. Lettuce writes the latter's end as
 * {@code [/db]#master}, which is understood too.
 *
 * <p>The last {@code @} ends user and password, so that any character may stand in a password as it is. A user name or
 * password is percent-decoded only if every {@code %} in it begins {@code %XX}. No message of this class holds a part
 * of the text: what looks like a host may be half a password.
 *
 * @param host the path where it is a Unix socket, which begins with a slash; empty with sentinels
 * @param port 6379 where the text has none
 * @param database null where the text has none
 * @param tls null without TLS
 * @param sentinels null where host and port say where the server is
 */
public record RedisUri(
        String host,
        int port,
        @Nullable Integer database,
        @Nullable String username,
        @Nullable Password password,
        @Nullable TlsFiles tls,
        @Nullable Sentinels sentinels)
        implements Address {
    private static final String SOCKET_FORM = "unix://[user:password@]/path[?db=NUMBER]";
    private static final String SENTINEL_FORM =
            "redis-sentinel://[user:password@]host[:port][,host[:port]...]/master[/db]";
    private static final String FORM = "redis://[user:password@]host[:port][/db]";
    private static final int DEFAULT_PORT = 6379;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern SCHEME = Pattern.compile("(?i)([a-z][a-z0-9+.-]*)://.*", Pattern.DOTALL);
    /** Possessive, as a group that may be given back takes a frame of the stack each time that it is repeated. */
    private static final Pattern ENCODED = Pattern.compile("(?:[^%]++|%[0-9a-fA-F]{2})*+");

    /** A password and whether it was written with percent signs; it never prints itself. */
    public record Password(
            String text, Spelling spelling, @Nullable PasswordFile file) {
        enum Spelling {
            PLAIN,
            /** Percent signs were decoded. */
            DECODED,
            /** Percent signs that begin no %XX: taken as it is. */
            LITERAL
        }

        Password(String text, Spelling spelling) {
            this(text, spelling, null);
        }

        static Password plain(String text) {
            return new Password(text, Spelling.PLAIN);
        }

        /** @param text what the file holds now */
        static Password of(PasswordFile file, String text) {
            return new Password(text, Spelling.PLAIN, file);
        }

        static Password written(String text) {
            String decoded = decoded(text);
            if (decoded != null) {
                return new Password(decoded, Spelling.DECODED);
            }
            return new Password(text, text.indexOf('%') < 0 ? Spelling.PLAIN : Spelling.LITERAL);
        }

        /** As connections look it up. */
        Credential credential() {
            return file == null ? Credential.of(text) : file;
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** Reads {@code text}; an {@link UsageException} says what is wrong with it and shows nothing of it. */
    public static RedisUri parse(String text) {
        Kind kind = kind(text);
        TlsFiles tls = kind == Kind.TLS || kind == Kind.TLS_SENTINEL ? TlsFiles.NONE : null;
        String rest = text.substring(text.indexOf("://") + 3);
        // a path may have an @ too
        int at = kind == Kind.SOCKET ? rest.lastIndexOf("@/") : rest.lastIndexOf('@');
        String behind = rest.substring(at + 1);
        Place place =
                switch (kind) {
                    case SOCKET -> Place.parseSocket(behind);
                    case SENTINEL, TLS_SENTINEL -> Place.parseSentinels(behind);
                    default -> Place.parse(behind);
                };
        if (at < 0) {
            return new RedisUri(place.host, place.port, place.database, null, null, tls, place.sentinels);
        }
        String credentials = rest.substring(0, at);
        int colon = credentials.indexOf(':');
        String user = colon < 0 ? credentials : credentials.substring(0, colon);
        String username = user.isEmpty() ? null : Password.written(user).text();
        String secret = colon < 0 ? "" : credentials.substring(colon + 1);
        Password password = secret.isEmpty() ? null : Password.written(secret);
        return new RedisUri(place.host, place.port, place.database, username, password, tls, place.sentinels);
    }

    @Override
    public RedisUri redis() {
        return this;
    }

    /** As a connection takes it. */
    public ServerAddress address() {
        return new ServerAddress(
                host,
                port,
                new LogIn(Credential.of(username), password == null ? Credential.of(null) : password.credential()),
                database == null ? 0 : database,
                CONNECT_TIMEOUT,
                REPLY_TIMEOUT,
                tls == null ? null : tls.load(),
                sentinels);
    }

    /** Another node of the same cluster. */
    RedisUri at(String knownHost, int knownPort) {
        return new RedisUri(knownHost, knownPort, database, username, password, tls, sentinels);
    }

    /** This server with another password. */
    public RedisUri with(Password other) {
        return new RedisUri(host, port, database, username, other, tls, sentinels);
    }

    /** This server with the TLS files of the flags. */
    public RedisUri with(TlsFiles files) {
        if (tls == null && !files.isEmpty()) {
            throw new UsageException(files.firstOption() + ": it is about TLS: write rediss://, not redis://");
        }
        return tls == null ? this : new RedisUri(host, port, database, username, password, files, sentinels);
    }

    /** This server with the log-in of its sentinels. */
    public RedisUri withSentinelLogIn(@Nullable String user, @Nullable Password secret) {
        if (user == null && secret == null) {
            return this;
        }
        if (sentinels == null) {
            throw new UsageException((user == null ? "sentinel-password-file" : "sentinel-user")
                    + ": it is about sentinels: write " + SENTINEL_FORM);
        }
        if (secret == null) {
            throw new UsageException("sentinel-user: it needs a password too, in sentinel-password-file");
        }
        LogIn logIn = new LogIn(Credential.of(user), secret.credential());
        Sentinels known = new Sentinels(sentinels.nodes(), sentinels.masterName(), logIn);
        return new RedisUri(host, port, database, username, password, tls, known);
    }

    private boolean isSocket() {
        return host.startsWith("/");
    }

    /** {@code host:port}, or the sentinels that report it. */
    public String server() {
        if (sentinels != null) {
            return sentinels.toString();
        }
        if (isSocket()) {
            return "unix://" + host;
        }
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** Whether it leads to the server of an address as that is shown, in whatever database. */
    boolean isOf(String address) {
        String server = server();
        return address.equals(server) || address.startsWith(server + "/") || address.startsWith(server + "?");
    }

    /** {@code host:port}, and the database if one was given. */
    @Override
    public String place() {
        return server() + (database == null ? "" : (isSocket() ? "?db=" : "/") + database);
    }

    @Override
    public String toString() {
        String user = username == null ? "" : username;
        String credentials = username == null && password == null ? "" : user + ":***@";
        return isSocket() || sentinels != null
                ? place().replace("://", "://" + credentials)
                : (tls == null ? "redis://" : "rediss://") + credentials + place();
    }

    private enum Kind {
        PLAIN,
        TLS,
        SOCKET,
        SENTINEL,
        TLS_SENTINEL
    }

    private static Kind kind(String text) {
        var scheme = SCHEME.matcher(text);
        if (!scheme.matches()) {
            throw new UsageException("is not an address of the form " + FORM);
        }
        Kind kind =
                switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
                    case "redis", "valkey" -> Kind.PLAIN;
                    case "rediss", "valkeys" -> Kind.TLS;
                    case "unix", "redis+unix", "redis-socket" -> Kind.SOCKET;
                    case "redis-sentinel", "redis+sentinel", "sentinel", "valkey-sentinel" -> Kind.SENTINEL;
                    case "rediss-sentinel", "rediss+sentinel", "valkeys-sentinel" -> Kind.TLS_SENTINEL;
                    case "cluster", "redis-cluster", "redis+cluster", "rediss-cluster" ->
                        throw new UsageException("names a cluster by its scheme: write redis:// or rediss:// and any"
                                + " of its nodes, as that it is a cluster is found by itself");
                    default ->
                        throw new UsageException(
                                "does not begin with redis://, rediss://, redis-sentinel:// or" + " unix://");
                };
        if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new UsageException("holds a control character, such as the end of a line");
        }
        return kind;
    }

    private static UsageException unsupported(String what) {
        return new UsageException("names " + what + ", which is not supported yet; use " + FORM);
    }

    /** The text with its percent signs decoded; null if it has none, or one that begins no %XX, or makes no UTF-8. */
    private static @Nullable String decoded(String text) {
        if (text.indexOf('%') < 0 || !ENCODED.matcher(text).matches()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            int next = text.indexOf('%', i);
            String literal = text.substring(i, next < 0 ? text.length() : next);
            bytes.writeBytes(literal.getBytes(StandardCharsets.UTF_8));
            i += literal.length();
            if (next >= 0) {
                bytes.write(Integer.parseInt(text.substring(next + 1, next + 3), 16));
                i += 3;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The part after user and password. */
    private record Place(
            String host,
            int port,
            @Nullable Integer database,
            @Nullable Sentinels sentinels) {
        private static final Pattern SENTINELS = Pattern.compile("([^/#]*)((?:/[^/#?]*){0,2})(?:#([^/#?]+))?");

        private static final Pattern FORM =
                Pattern.compile("(\\[[^\\]]*\\]|[^:/?#\\[\\]]*)(?::([^/?#]*))?(?:/([^?#]*))?(?:\\?([^#]*))?");

        static Place parse(String text) {
            if (text.indexOf(',') >= 0) {
                throw unsupported("several servers");
            }
            var parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new UsageException("is not an address of the form " + RedisUri.FORM);
            }
            // the port first: in ::1 it is the port that shows what is wrong
            int port = port(parts.group(2));
            return new Place(host(parts.group(1)), port, database(parts.group(3), parts.group(4)), null);
        }

        /** The path of a socket; what follows a question mark is the database, as {@code db} or {@code database}. */
        static Place parseSocket(String text) {
            int query = text.indexOf('?');
            String path = query < 0 ? text : text.substring(0, query);
            if (path.length() < 2 || path.charAt(0) != '/') {
                throw new UsageException("has no path of a socket; it should be " + SOCKET_FORM);
            }
            String decoded = decoded(path);
            String named = query < 0 ? null : text.substring(query + 1).replaceFirst("^database=", "db=");
            return new Place(decoded == null ? path : decoded, DEFAULT_PORT, database(null, named), null);
        }

        /**
         * Sentinels with commas between, then the master's name and the database, or as Lettuce has it the other way
         * round.
         */
        static Place parseSentinels(String text) {
            var parts = SENTINELS.matcher(text);
            List<HostAndPort> nodes = parts.matches() ? Sentinels.nodes(parts.group(1)) : null;
            if (nodes == null) {
                throw new UsageException("is not an address of the form " + SENTINEL_FORM);
            }
            String[] path = parts.group(2).split("/");
            String behind = parts.group(3);
            String name = behind == null && path.length > 1 ? path[1] : behind;
            String number = behind == null ? path.length > 2 ? path[2] : null : path.length > 1 ? path[1] : null;
            if (name == null || name.isEmpty() || behind == null && path.length == 2 && number(name) >= 0) {
                throw new UsageException(
                        "does not say what the sentinels call the master; it should be " + SENTINEL_FORM);
            }
            String decoded = decoded(name);
            return new Place(
                    "",
                    DEFAULT_PORT,
                    database(number, null),
                    new Sentinels(nodes, decoded == null ? name : decoded, LogIn.of(null, null)));
        }

        private static String host(String text) {
            String host = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
            if (host.isBlank()) {
                throw new UsageException("has no host; it should be " + RedisUri.FORM);
            }
            return host;
        }

        private static int port(@Nullable String text) {
            if (text == null) {
                return DEFAULT_PORT;
            }
            if (text.indexOf(':') >= 0) {
                throw new UsageException("has more than one colon behind the host; an IPv6 address goes in brackets:"
                        + " redis://[::1]:6379");
            }
            int port = number(text);
            if (port < 1 || port > 65535) {
                throw new UsageException(
                        "has a port that is no number from 1 to 65535; a password needs an @ behind it:"
                                + " redis://:password@host");
            }
            return port;
        }

        private static @Nullable Integer database(@Nullable String path, @Nullable String query) {
            String text = path == null || path.isEmpty() ? null : path;
            if (query != null && !query.isEmpty()) {
                if (!query.startsWith("db=") || query.indexOf('&') >= 0) {
                    throw new UsageException("has a query that is not ?db=NUMBER");
                }
                String named = query.substring(3);
                if (text != null && !text.equals(named)) {
                    throw new UsageException("names two databases");
                }
                text = named;
            }
            if (text == null) {
                return null;
            }
            int database = number(text);
            if (database < 0) {
                throw new UsageException("has a database that is no number");
            }
            return database;
        }

        private static int number(String digits) {
            return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
        }
    }
}
