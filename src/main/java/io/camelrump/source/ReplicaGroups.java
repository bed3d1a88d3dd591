package io.camelrump.source;

import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import io.camelrump.values.KeyPart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names what a replica of some versions does not have of a stream: how many entries its consumer groups have read.
 *
 * @see <a href="https://github.com/redis/redis/pull/12898">the fault in Redis</a>
 */
final class ReplicaGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaGroups.class);

    private final ServerAddress address;
    private final Run run;
    private boolean lost;
    private boolean said;

    ReplicaGroups(ServerAddress address, Run run) {
        this.address = address;
        this.run = run;
    }

    /** Another connection: what answers there may be another version, or a master by now. */
    void connected(ServerInfo info) {
        lost = info.losesGroupCounts();
    }

    void read(PageData page) {
        for (int i = 0; lost && !said && i < page.size(); i++) {
            if (KeyPart.isStream(page, i)) {
                say();
            }
        }
    }

    private void say() {
        said = true;
        String remark = "Source " + address + " is a replica of a version that does not replicate how many entries"
                + " consumer groups have read: entries-read and lag of the groups may arrive as unknown; reading the"
                + " master (--read-from master) carries them";
        LOG.warn("{}", remark);
        run.report().remark(remark);
    }
}
