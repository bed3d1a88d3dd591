package io.camelrump.target;

import io.camelrump.ConflictPolicy;
import io.camelrump.options.TargetOptions;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ScanReply;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.shard.Share;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings about a target: what its keys, memory, clock and version mean for a run. A replica is refused. */
final class TargetAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(TargetAdvice.class);
    private static final int NAMES_AT_ONCE = 1_000;

    private final TargetOptions options;
    private final Share share;
    private final TargetIdentity identity;
    private boolean saysUsageIsLost;

    TargetAdvice(WritePlan plan, TargetIdentity identity) {
        this.options = plan.target();
        this.share = plan.share();
        this.identity = identity;
    }

    /** Looks at the target before the first key is written, and notes whether it holds keys of its own. */
    void beforeFirstKey(ServerAddress address, RedisConnection fresh, ServerInfo now, ServerClock clock)
            throws IOException {
        if (now.isReplica()) {
            throw RedisException.permanentError(address + " is a replica of " + now.master()
                    + ", and keys are written to masters alone (READONLY): name its master, or end the replication with"
                    + " REPLICAOF NO ONE.");
        }
        long keys = fresh.databaseSize();
        InitialKeys.Place initial = identity.initial();
        if (!initial.isKnown()) {
            initial.began(keys == 0 || TemporaryKeys.areAll(fresh, keys) || isOfOtherRuns(fresh));
        }
        if (options.isDryRun()) {
            LOG.info("DRY RUN: nothing is written to target {}", address);
        }
        if (!initial.wereNone() && keys != 0 && options.getOnConflict() == ConflictPolicy.REPLACE) {
            LOG.warn(
                    "Target {} holds {} keys already; those with names that the source has too are replaced",
                    address,
                    keys < 0 ? "an unknown number of" : keys);
        }
        if (now.evicts()) {
            LOG.warn(
                    "Target {} may evict keys when its {} bytes are full (maxmemory-policy {}): the run fails if"
                            + " it does",
                    address,
                    now.maxMemory(),
                    now.evictionPolicy());
        }
        if (!clock.isKnown()) {
            LOG.warn(
                    "Target {} does not report its time, so its clock is taken to agree with the source's; the ACL"
                            + " rule +time"
                            + " for this user makes expiries exact",
                    address);
        }
        if (!options.isTtl()) {
            LOG.warn("Expiries are dropped: every key lives forever at target {}", address);
        }
    }

    /**
     * Whether all that is there may be written by runs beside this one, as none of it is in this one's share. Asked
     * only where it matters whose a key is, as all names are looked at.
     */
    private boolean isOfOtherRuns(RedisConnection fresh) throws IOException {
        if (share.isOfAllSlots() || options.getOnConflict() == ConflictPolicy.REPLACE) {
            return false;
        }
        Cursor cursor = Cursor.START;
        CursorTrail trail = new CursorTrail("SCAN");
        try {
            do {
                ScanReply reply = ScanReply.of(fresh, cursor, NAMES_AT_ONCE);
                boolean isAllShown = reply.tooLong().isEmpty();
                if (!isAllShown
                        || share.keep(TemporaryKeys.without(reply.keys())).size() > 0) {
                    return false;
                }
                cursor = reply.cursor();
                trail.passed(cursor);
            } while (!cursor.isEnd());
            return true;
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            // a user that may not SCAN
            return false;
        }
    }

    /** Warns once where these pages bring idle times or frequencies that the target's version does not take. */
    void ofUsage(ServerAddress address, TargetFeatures features, List<PageData> pages) {
        if (!saysUsageIsLost
                && !features.absoluteTtl()
                && pages.stream().anyMatch(page -> page.origin().usage() != null)) {
            saysUsageIsLost = true;
            LOG.warn(
                    "Target {} does not accept idle times or frequencies (Redis 5.0 and newer do): every key"
                            + " looks freshly used there",
                    address);
        }
    }
}
