package io.camelrump.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.MassDeletionGuard;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.ChangeLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, once a second, for what no change notification reports: databases that were swapped, or that hold keys for the
 * first time, and many keys that are gone at once.
 */
public final class SourceWatch implements AutoCloseable {
    /** Between two calls of {@link #look}. */
    public static final long PAUSE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final long AT_ONCE = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,18}),.*");

    /** @param expired keys of all databases that were removed as their time was up, since the server's start */
    private record Sample(long at, long keys, long expired) {}

    /** Numbers of keys that one server reports. */
    private record Reading(long keys, long expired) {}

    private final String source;
    private final Supplier<List<ServerAddress>> servers;
    private final DatabaseMapping databases;
    private final ChangeLog changes;
    private final boolean anyNumber;
    private final ReentrantLock looking = new ReentrantLock();

    @GuardedBy("looking")
    private final Deque<Sample> samples = new ArrayDeque<>();

    private final Map<ServerAddress, Set<Integer>> found = new ConcurrentHashMap<>();
    private final Map<ServerAddress, RedisConnection> connections = new ConcurrentHashMap<>();

    @GuardedBy("looking")
    private final Map<ServerAddress, Long> swaps = new HashMap<>();

    /** Servers that the samples come from. */
    @GuardedBy("looking")
    private Set<ServerAddress> sampled = Set.of();

    private volatile boolean ended;
    private boolean saidHidden;

    /**
     * @param source its name in messages
     * @param servers those that are read now
     * @param anyNumber whether keys are deleted however many are gone at once
     */
    public SourceWatch(
            String source,
            Supplier<List<ServerAddress>> servers,
            DatabaseMapping databases,
            ChangeLog changes,
            boolean anyNumber) {
        this.source = source;
        this.servers = servers;
        this.databases = databases;
        this.changes = changes;
        this.anyNumber = anyNumber;
    }

    /** Looks at each server; false if one could not be asked now. Any thread may ask. */
    public boolean look() {
        looking.lock();
        try {
            return ended || lookAtAll();
        } finally {
            looking.unlock();
        }
    }

    @GuardedBy("looking")
    private boolean lookAtAll() {
        Set<ServerAddress> asked = new HashSet<>(servers.get());
        connections.keySet().stream().filter(server -> !asked.contains(server)).forEach(this::closeConnection);
        found.keySet().retainAll(asked);
        long keys = 0;
        long expired = 0;
        boolean all = true;
        boolean keysKnown = true;
        for (ServerAddress server : asked) {
            Reading reading = read(server);
            all &= reading != null;
            keysKnown &= reading != null && reading.keys() >= 0;
            keys += reading == null ? 0 : reading.keys();
            expired += reading == null ? 0 : reading.expired();
        }
        if (all && keysKnown) {
            if (!asked.equals(sampled)) {
                // keys that another server has are not gone
                samples.clear();
                sampled = asked;
            }
            findLoss(keys, expired);
        }
        if (ended) {
            close();
        }
        return all;
    }

    /** Null if the server cannot be asked now. */
    private @Nullable Reading read(ServerAddress server) {
        try {
            RedisConnection open = connections.get(server);
            if (open == null) {
                open = RedisConnection.open(server);
                connections.put(server, open);
            } else if (!open.leadsTo(server)) {
                closeConnection(server);
                return null;
            }
            ServerInfo info = open.info("keyspace", "stats", "commandstats");
            if (info.isHidden()) {
                sayHidden();
                // how many expired is not known: they count as deleted, which ends the deleting too early, not too late
                return new Reading(MassDeletionGuard.keys(databases, open), 0);
            }
            findSwaps(server, info);
            findDatabases(server, info);
            return new Reading(keys(info), info.expiredKeys());
        } catch (IOException | RedisException e) {
            // the reader meets it too, and reports it
            LOG.debug("no look at {}", server, e);
            closeConnection(server);
            return null;
        }
    }

    private void sayHidden() {
        if (!saidHidden) {
            saidHidden = true;
            changes.gaps().missesSome("the source refuses INFO, so that a SWAPDB there would not be seen");
            LOG.info(
                    "Source {} refuses INFO: a SWAPDB there is found only by a comparison, and keys that expire"
                            + " count as"
                            + " deleted in a mass deletion; the ACL rule +info for this user lets rump tell the two"
                            + " apart",
                    source);
        }
    }

    private void findSwaps(ServerAddress server, ServerInfo info) {
        long calls = info.calls("swapdb");
        Long before = swaps.put(server, calls);
        // fewer where somebody has reset the statistics
        if (before != null && calls != before && calls > 0) {
            LOG.warn("Databases of source {} were swapped (SWAPDB): it is scanned again", source);
            changes.gaps().missed();
            changes.gaps().suspectAll();
        }
    }

    private void findDatabases(ServerAddress server, ServerInfo info) {
        Set<Integer> numbers = new TreeSet<>();
        for (String field : info.fields().keySet()) {
            Matcher name = DATABASE.matcher(field);
            if (name.matches()) {
                numbers.add(Integer.valueOf(name.group(1)));
            }
        }
        found.put(server, Set.copyOf(numbers));
    }

    /** Which databases of each server hold keys, as it was seen last, where all are read. Any thread may ask. */
    Map<ServerAddress, Set<Integer>> databases() {
        return databases.isAll() ? Map.copyOf(found) : Map.of();
    }

    /** Fewer keys than lately, and not as their time was up. */
    private void findLoss(long keys, long expired) {
        Sample now = new Sample(System.nanoTime(), keys, expired);
        samples.add(now);
        while (now.at() - samples.element().at() > AT_ONCE) {
            samples.remove();
        }
        for (Sample before : samples) {
            long gone = before.keys() - now.keys() - Math.max(0, now.expired() - before.expired());
            if (!anyNumber && MassDeletionGuard.isSuspicious(gone, before.keys())) {
                if (!changes.deletes().isEnded()) {
                    LOG.warn(
                            "{} of the {} keys of source {} disappeared within seconds: nothing more is deleted at"
                                    + " the target without allowMassDelete (--allow-mass-delete)",
                            gone,
                            before.keys(),
                            source);
                    changes.deletes().hold(gone);
                }
                return;
            }
        }
    }

    private long keys(ServerInfo info) {
        long keys = 0;
        for (Map.Entry<String, String> field : info.fields().entrySet()) {
            Matcher name = DATABASE.matcher(field.getKey());
            Matcher reported = KEYS.matcher(field.getValue());
            if (name.matches() && reported.matches() && databases.reads(Integer.parseInt(name.group(1)))) {
                keys += Long.parseLong(reported.group(1));
            }
        }
        return keys;
    }

    @Override
    public void close() {
        ended = true;
        connections.keySet().forEach(this::closeConnection);
    }

    private void closeConnection(ServerAddress server) {
        RedisConnection open = connections.remove(server);
        if (open != null) {
            open.close();
        }
    }
}
