package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;

/**
 * The master that sentinels name, and this process's connections to it.
 *
 * <p>The sentinels are asked each time that a connection is opened. As soon as they name another one, those to the
 * former master are closed: cut off from the others it may still answer, and take writes that nobody will keep.
 */
final class SentinelMaster {
    private static final Logger LOG = LoggerFactory.getLogger(SentinelMaster.class);
    /** By the text of an address, which keeps no log-in. */
    private static final Map<String, SentinelMaster> BY_SENTINELS = new ConcurrentHashMap<>();

    private final Map<RedisConnection, HostAndPort> open = new ConcurrentHashMap<>();
    private final Set<HostAndPort> warned = ConcurrentHashMap.newKeySet();
    private volatile @Nullable HostAndPort known;
    /** The sentinel that answered last, which is asked first. */
    private volatile int first;

    private SentinelMaster() {}

    static SentinelMaster of(Sentinels sentinels) {
        return BY_SENTINELS.computeIfAbsent(sentinels.toString(), text -> new SentinelMaster());
    }

    /** Connects to the master that is named now; a server that is none yet, or none any more, is not taken. */
    RedisConnection open(ServerAddress address) {
        HostAndPort master = ask(address);
        RedisConnection connection = ConnectionOpener.openAt(address.at(master.getHost(), master.getPort()));
        boolean ready = false;
        try {
            requireMaster(connection);
            ready = true;
        } catch (IOException e) {
            throw ErrorText.failure(connection.address(), e);
        } finally {
            if (!ready) {
                connection.close();
            }
        }
        connection.foundBy(this);
        open.put(connection, master);
        if (!master.equals(known)) {
            // another was named while this one was opened
            connection.abort();
        }
        return connection;
    }

    void closed(RedisConnection connection) {
        open.remove(connection);
    }

    /** Whether the sentinels still name the server of this connection; if not, it is closed by then. */
    boolean names(RedisConnection connection, ServerAddress address) {
        return ask(address).equals(open.get(connection));
    }

    private static void requireMaster(RedisConnection connection) throws IOException {
        Object role = connection.probe("ROLE");
        Object reported = role instanceof List<?> words && !words.isEmpty() ? words.get(0) : greetedRole(connection);
        if (reported instanceof byte[] word && !new String(word, StandardCharsets.US_ASCII).equals("master")) {
            throw RedisException.transientError(
                    connection.address() + " is named as master by the sentinels, but is still a replica.", null);
        }
    }

    /** HELLO reports the role too, to users that may not ask ROLE; null where it is unknown. */
    private static @Nullable Object greetedRole(RedisConnection connection) throws IOException {
        if (connection.probe("HELLO") instanceof List<?> fields) {
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (fields.get(i) instanceof byte[] name
                        && new String(name, StandardCharsets.US_ASCII).equals("role")) {
                    return fields.get(i + 1);
                }
            }
        }
        return null;
    }

    // --- asking ---

    private HostAndPort ask(ServerAddress address) {
        Sentinels sentinels = Objects.requireNonNull(address.sentinels(), "address without sentinels");
        List<String> silent = new ArrayList<>();
        Set<String> others = ConcurrentHashMap.newKeySet();
        RedisException cause = null;
        int asked = sentinels.nodes().size();
        int start = first;
        for (int i = 0; i < asked; i++) {
            int number = (start + i) % asked;
            HostAndPort node = sentinels.nodes().get(number);
            try {
                HostAndPort master = ask(address(sentinels, node, address), sentinels.masterName(), others);
                if (master != null) {
                    first = number;
                    warned.remove(node);
                    becomes(master, sentinels.masterName());
                    return master;
                }
            } catch (RedisException e) {
                // another may answer all the same, now or in a while
                cause = cause == null || cause.isPermanent() ? e : cause;
                silent.add(e.getMessage());
                if (warned.add(node) && i + 1 < asked) {
                    LOG.warn("Sentinel {}:{} is ignored: {}", node.getHost(), node.getPort(), e.getMessage());
                }
            }
        }
        if (cause != null && cause.isPermanent()) {
            throw cause;
        }
        if (cause != null) {
            throw RedisException.transientError(
                    "No sentinel reports where " + sentinels.masterName() + " is: " + String.join(" ", silent), cause);
        }
        throw RedisException.permanentError("The sentinels at " + sentinels.places() + " know no master named "
                + sentinels.masterName() + ", but " + (others.isEmpty() ? "none" : String.join(", ", others)) + ".");
    }

    /** The master that one sentinel names; null if it does not know the name, and then adds those that it knows. */
    private static @Nullable HostAndPort ask(ServerAddress sentinel, String masterName, Set<String> others) {
        try (RedisConnection connection = logIn(sentinel)) {
            Object reply = connection.call("SENTINEL", "get-master-addr-by-name", masterName);
            if (reply instanceof ErrorReply error) {
                throw error.text().startsWith("ERR unknown command")
                        ? RedisException.permanentError(sentinel
                                + " is a Redis, not a sentinel: give the sentinels' own ports (26379 by" + " default).")
                        : ErrorText.refusal(sentinel, "SENTINEL", error);
            }
            if (reply != null) {
                return place(reply);
            }
            addNames(connection.call("SENTINEL", "masters"), others);
            return null;
        } catch (IOException e) {
            throw ErrorText.failure(sentinel, e);
        }
    }

    /** A place that a sentinel names: without a host it would be this machine. */
    static HostAndPort place(Object reply) throws ReplyException {
        if (reply instanceof List<?> place
                && place.size() == 2
                && place.get(0) instanceof byte[] host
                && place.get(1) instanceof byte[] port) {
            int number = ServerAddress.port(text(port));
            if (host.length > 0 && number > 0) {
                return new HostAndPort(text(host), number);
            }
        }
        throw new ReplyException("SENTINEL get-master-addr-by-name", reply, "a host and a port");
    }

    /** Address of one of the sentinels of a server. */
    static ServerAddress address(Sentinels sentinels, HostAndPort node, ServerAddress server) {
        return new ServerAddress(
                node.getHost(),
                node.getPort(),
                sentinels.logIn(),
                0,
                server.connectTimeout(),
                server.connectTimeout(),
                server.tls(),
                null);
    }

    static RedisConnection logIn(ServerAddress sentinel) {
        try {
            return ConnectionOpener.openAt(sentinel);
        } catch (RedisException e) {
            throw e.isPermanent()
                    ? RedisException.permanentError("Sentinel " + e.getMessage()
                            + " A sentinel's log-in is its own: sentinelUsername and sentinelPassword"
                            + " (--from-sentinel-password-file, --to-sentinel-password-file).")
                    : e;
        }
    }

    private static void addNames(@Nullable Object masters, Set<String> names) {
        if (masters instanceof List<?> list) {
            for (Object master : list) {
                if (master instanceof List<?> fields && fields.size() > 1 && fields.get(1) instanceof byte[] name) {
                    names.add(text(name));
                }
            }
        }
    }

    private static String text(byte[] word) {
        return ShownText.of(word);
    }

    private void becomes(HostAndPort master, String name) {
        HostAndPort before = known;
        known = master;
        if (before != null && !before.equals(master)) {
            LOG.warn("The sentinels name {} as {} now, and no longer {}", master, name, before);
        }
        open.forEach((connection, server) -> {
            if (!server.equals(master)) {
                connection.abort();
            }
        });
    }
}
