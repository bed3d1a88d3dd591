package io.camelrump;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;

/**
 * Down once a run has ended without all its keys, and why; before that as Camel tells of every consumer that polls.
 *
 * <p>That alone would be up again: a run that has ended is polled on, and finds nothing wrong.
 */
final class RunHealthCheck extends ScheduledPollConsumerHealthCheck {
    private final Ledger ledger;

    RunHealthCheck(ScheduledPollConsumer consumer, String id, Ledger ledger) {
        super(consumer, id);
        this.ledger = ledger;
    }

    @Override
    public Result call(Map<String, Object> options) {
        Ledger.State state = ledger.state();
        if (state != Ledger.State.FAILED && state != Ledger.State.INCOMPLETE) {
            return super.call(options);
        }
        return HealthCheckResultBuilder.on(this)
                .detail("migration", ledger.migration())
                .detail("state", state)
                .message("The run is " + state + ": " + ledger.failure())
                .down()
                .build();
    }
}
