package io.camelrump;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, once a second, for what no news of changes tells: databases that were swapped, or that hold keys for the first
 * time, and many keys that are gone at once.
 */
final class SourceWatch implements AutoCloseable {
    /** Between two calls of {@link #look}. */
    static final long PAUSE_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final long AT_ONCE = TimeUnit.SECONDS.toNanos(10);
    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,18}),.*");

    /** @param expired keys of all databases that were removed as their time was up, since the server's start */
    private record Sample(long at, long keys, long expired) {}

    private final ServerAddress address;
    private final Databases databases;
    private final Changes changes;
    private final boolean anyNumber;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Set<Integer> known = new HashSet<>();
    private volatile @Nullable RedisConnection connection;
    private volatile boolean ended;
    private long swaps = -1;
    private boolean saidHidden;

    /** @param anyNumber whether keys are deleted however many are gone at once */
    SourceWatch(ServerAddress address, Databases databases, Changes changes, boolean anyNumber) {
        this.address = address;
        this.databases = databases;
        this.changes = changes;
        this.anyNumber = anyNumber;
    }

    void look() {
        if (ended) {
            return;
        }
        try {
            RedisConnection open = connection;
            if (open == null) {
                open = RedisConnection.open(address);
                connection = open;
            } else if (!open.leadsTo(address)) {
                closeConnection();
                return;
            }
            ServerInfo keyspace = open.info("keyspace");
            ServerInfo stats = open.info("stats");
            ServerInfo commands = open.info("commandstats");
            if (stats.isHidden()) {
                sayHidden();
                long keys = MassDeletion.keys(databases, open);
                if (keys >= 0) {
                    // how many expired is not told: they count as deleted, which ends the deleting too early, not too
                    // late
                    findLoss(keys, 0);
                }
                return;
            }
            findSwaps(commands);
            findDatabases(keyspace);
            findLoss(keys(keyspace), stats.expiredKeys());
        } catch (IOException | RedisException e) {
            // the reader meets it too, and tells of it
            LOG.debug("no look at {}", address, e);
            closeConnection();
        }
        if (ended) {
            closeConnection();
        }
    }

    private void sayHidden() {
        if (!saidHidden) {
            saidHidden = true;
            LOG.info(
                    "Source {} refuses INFO: a SWAPDB there is only found by comparing, and keys that expire count as"
                            + " deleted where many are gone at once; the ACL rule +info for this user lets them be told"
                            + " apart",
                    address);
        }
    }

    private void findSwaps(ServerInfo commands) {
        String told = commands.fields().getOrDefault("cmdstat_swapdb", "calls=0,");
        long calls = Long.parseLong(told.replaceAll("calls=(\\d+).*", "$1"));
        if (swaps >= 0 && calls > swaps) {
            LOG.warn("Databases of source {} were swapped: it is scanned again", address);
            changes.missed();
            changes.suspectAll();
        }
        swaps = calls;
    }

    private void findDatabases(ServerInfo keyspace) {
        boolean first = known.isEmpty();
        boolean appeared = false;
        for (String field : keyspace.fields().keySet()) {
            Matcher name = DATABASE.matcher(field);
            appeared |= name.matches() && known.add(Integer.valueOf(name.group(1)));
        }
        if (databases.isAll() && appeared && !first) {
            LOG.info("A database of source {} holds keys for the first time: it is scanned again", address);
            changes.suspectAll();
        }
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
            if (!anyNumber && MassDeletion.isSuspicious(gone, before.keys())) {
                if (changes.isDeleting()) {
                    LOG.warn(
                            "{} of the {} keys of source {} are gone within seconds: nothing more is deleted at the target"
                                    + " without allowMassDelete (--allow-mass-delete)",
                            gone,
                            before.keys(),
                            address);
                    changes.hold(gone);
                }
                return;
            }
        }
    }

    private long keys(ServerInfo keyspace) {
        long keys = 0;
        for (Map.Entry<String, String> field : keyspace.fields().entrySet()) {
            Matcher name = DATABASE.matcher(field.getKey());
            Matcher told = KEYS.matcher(field.getValue());
            if (name.matches() && told.matches() && databases.reads(Integer.parseInt(name.group(1)))) {
                keys += Long.parseLong(told.group(1));
            }
        }
        return keys;
    }

    @Override
    public void close() {
        ended = true;
        closeConnection();
    }

    private void closeConnection() {
        RedisConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
