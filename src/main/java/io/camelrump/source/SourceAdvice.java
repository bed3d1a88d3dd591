package io.camelrump.source;

import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ClusterNode;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.Slot;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Advice and warnings about a source, given once before its first key is read. */
record SourceAdvice(ServerAddress address, ServerInfo info, ScanPlan plan, Run run) {
    private static final Logger LOG = LoggerFactory.getLogger(SourceAdvice.class);
    private static final double NEARLY_FULL = 0.8;
    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,18}),.*");
    private static final int RANGES_NAMED = 5;

    /** Refuses a replica that lost its master: later writes are missing, and nothing shows how many. */
    static void refuseDetachedReplica(ServerAddress address, ServerInfo info) {
        if (info.isReplica() && info.replicationOffset() < 0) {
            throw RedisException.transientError(
                    address + " is a replica that has lost its master " + info.master()
                            + ": repair the link, name the master, or end the replication with REPLICAOF NO ONE if"
                            + " its keys"
                            + " are what is wanted.",
                    null);
        }
    }

    /** Names the slots that a cluster node read alone does not have. */
    void reportOtherSlots(RedisConnection connection) throws IOException {
        BitSet missing = new BitSet(Slot.COUNT);
        missing.set(0, Slot.COUNT);
        ClusterNode.of(connection).stream().filter(ClusterNode::isMyself).forEach(node -> missing.andNot(node.slots()));
        if (!missing.isEmpty()) {
            run.report()
                    .leavesOut(address + " is a cluster node and was read alone: slots " + ranges(missing)
                            + " are not at this node, and their keys were not read. Leave mode=standalone"
                            + " (--from-mode) out to read"
                            + " all of them.");
        }
    }

    private static String ranges(BitSet slots) {
        List<String> ranges = new ArrayList<>();
        for (int from = slots.nextSetBit(0); from >= 0; from = slots.nextSetBit(slots.nextClearBit(from))) {
            int to = slots.nextClearBit(from) - 1;
            ranges.add(from == to ? String.valueOf(from) : from + "-" + to);
        }
        int more = ranges.size() - RANGES_NAMED;
        return String.join(", ", ranges.subList(0, Math.min(RANGES_NAMED, ranges.size())))
                + (more > 0 ? " and " + more + " more ranges" : "");
    }

    void advise(ServerClock clock, SourceFeatures features) {
        if (!clock.isKnown()) {
            LOG.warn(
                    "Source {} does not report its time, so its clock is taken to agree with the target's; the ACL"
                            + " rule +time"
                            + " for this user makes expiries exact",
                    address);
        }
        if (plan.source().isValues() && plan.bigKeys().isBigValues() && !features.watches()) {
            LOG.warn(
                    "Source {} does not let this user WATCH a key: changes of a key copied in parts are noticed only"
                            + " by its type, expiry and number of elements; the ACL rules +watch +multi +exec make"
                            + " such a copy a snapshot",
                    address);
        }
        boolean byUse =
                info.evictionPolicy().contains("lru") || info.evictionPolicy().contains("lfu");
        boolean nearlyFull = info.usedMemory() > NEARLY_FULL * info.maxMemory();
        if (info.evicts() && byUse && nearlyFull && !info.takesNoTouch()) {
            LOG.warn(
                    "Source {} evicts by {} and is over {} % full, and reads count as use there (no CLIENT"
                            + " NO-TOUCH): keys read last look freshly used",
                    address, info.evictionPolicy(), (int) (100 * NEARLY_FULL));
        }
        if (plan.source().isValues()) {
            reportUnread();
        }
    }

    private void reportUnread() {
        long sample = plan.selection().sample();
        if (sample != Long.MAX_VALUE) {
            run.report()
                    .remark(String.format(
                            Locale.ROOT, "a sample of up to %,d keys was read, and not the whole source", sample));
        }
        TreeMap<Integer, String> others = new TreeMap<>();
        info.fields().forEach((field, value) -> {
            Matcher database = DATABASE.matcher(field);
            Matcher keys = KEYS.matcher(value);
            if (database.matches() && keys.matches() && !plan.databases().reads(Integer.parseInt(database.group(1)))) {
                others.put(Integer.valueOf(database.group(1)), keys.group(1));
            }
        });
        if (!others.isEmpty()) {
            String named = others.entrySet().stream()
                    .map(other -> "database " + other.getKey() + " (" + other.getValue() + " keys)")
                    .collect(Collectors.joining(", "));
            String remark = "Source " + address + " holds keys that are not read: " + named
                    + "; db=all (--db all) reads every database";
            LOG.warn("{}", remark);
            run.report().remark(remark);
        }
    }

    /** A quarter of the memory that an evicting server has left is the most that our replies may take of it. */
    long windowBytes() {
        if (!info.evicts()) {
            return plan.windowBytes();
        }
        long headroom = Math.max(0, info.maxMemory() - info.usedMemory());
        return Math.max(64 * 1024, Math.min(plan.windowBytes(), headroom / 4));
    }
}
