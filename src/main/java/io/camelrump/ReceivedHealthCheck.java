package io.camelrump;

import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Readiness of a producer that gets runs from a transport: down once one of them has ended otherwise than complete. The
 * data has the state and counts of that run, or else of the one that came last.
 */
final class ReceivedHealthCheck implements HealthCheck {
    private final String id;
    private final ReceivedRuns runs;
    private boolean enabled = true;

    ReceivedHealthCheck(String target, ReceivedRuns runs) {
        this.id = "rump-received-" + target;
        this.runs = runs;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this).up();
        for (Ledger ledger : runs.ledgers()) {
            RunEnd end = ledger.end();
            RunHealthCheck.describe(result, ledger);
            if (end != null && end.state() != RunState.COMPLETE) {
                String cause = String.valueOf(end.cause());
                return result.down()
                        .message("Run " + ledger.migration() + " is " + end.state() + ": " + cause)
                        .detail("seconds", end.duration().toMillis() / 1000.0)
                        .detail("cause", cause)
                        .build();
            }
        }
        return result.build();
    }
}
