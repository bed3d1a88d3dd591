package io.camelrump.source;

import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries the commands by which keys are read, before the first one is. */
final class ScanProbe {
    private ScanProbe() {}

    /**
     * Refuses a user that may not SCAN or DUMP, with the rule to add.
     *
     * @return the plan, as far as the server knows its options
     */
    static ScanPlan require(RedisConnection connection, ScanPlan plan) throws IOException {
        List<List<String>> probes =
                List.of(List.of("SCAN", "0", "COUNT", "1"), List.of("PTTL", ""), List.of("DUMP", ""));
        List<@Nullable Object> replies = connection.probeAll(probes);
        for (int i = 0; i < probes.size(); i++) {
            if (replies.get(i) instanceof ErrorReply error && !error.isOfKeyAlone()) {
                throw ErrorText.refusal(connection.address(), probes.get(i).get(0), error);
            }
        }
        if (plan.type() != null
                && connection.probe("SCAN", "0", "TYPE", plan.type()) instanceof ErrorReply error
                && !error.isOfKeyAlone()) {
            // below Redis 6.0 SCAN has no TYPE
            return plan.askingForType();
        }
        return plan;
    }
}
