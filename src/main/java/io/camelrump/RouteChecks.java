package io.camelrump;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.options.QueueOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.properties.ServerNames;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;

/** Refuses the start of a consumer that beans and endpoints beside it in the context do not fit. */
record RouteChecks(CamelContext context) {

    /**
     * Requires that options are those of servers that there are, and that the reader can fill a batch before it waits
     * for the batch's receipts.
     */
    void checkStart(RumpEndpoint source) {
        Set<String> servers = context.getEndpoints().stream()
                .filter(RumpEndpoint.class::isInstance)
                .map(endpoint -> ((RumpEndpoint) endpoint).getName())
                .collect(Collectors.toSet());
        ServerNames.of((RumpComponent) source.getComponent()).check(context, servers);
        QueueOptions queue = source.getQueueOptions();
        context.getRegistry().findByType(JoinPages.class).forEach(join -> queue.checkBatch(join.batchByteCount()));
    }

    /** Requires that a run that must resume with keep or fail finds nothing but its own keys at each target. */
    void checkTargets(Checkpoint resumed, RumpEndpoint source) {
        for (Endpoint other : context.getEndpoints()) {
            if (other instanceof RumpEndpoint target && target != source) {
                checkTarget(target, resumed);
            }
        }
    }

    private static void checkTarget(RumpEndpoint endpoint, Checkpoint resumed) {
        TargetOptions target = endpoint.getTargetOptions();
        if (target.getOnConflict() != ConflictPolicy.REPLACE && resumed.beganFilledAt(endpoint.address())) {
            throw new UsageException("Target " + endpoint.address()
                    + " was not empty when the run began, so it cannot be resumed with onConflict="
                    + target.getOnConflict().name().toLowerCase(Locale.ROOT)
                    + ": its own keys cannot be told from foreign ones. Start over with restartScan"
                    + " (--restart-scan), or set onConflict=replace.");
        }
    }
}
