package io.camelrump;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollConsumerHealthCheck;
import org.jspecify.annotations.Nullable;

/**
 * Readiness of a run: down while a server does not answer or take writes, or does not report its changes, and once the
 * run has ended otherwise than complete; else as Camel says of every consumer that polls. The data has the run's state
 * and counts, and of one that has ended its seconds and cause.
 *
 * <p>Camel's own check alone would be up again: a run that has ended is polled on, and finds nothing wrong.
 */
final class RunHealthCheck extends ScheduledPollConsumerHealthCheck {
    private final Ledger ledger;

    RunHealthCheck(ScheduledPollConsumer consumer, String id, Ledger ledger) {
        super(consumer, id);
        this.ledger = ledger;
    }

    @Override
    public Result call(Map<String, Object> options) {
        if (!isEnabled()) {
            return super.call(options);
        }
        RunEnd end = ledger.end();
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        if (end == null || end.state() == RunState.COMPLETE) {
            Result polling = super.call(options);
            result.state(polling.getState()).details(polling.getDetails());
            polling.getMessage().ifPresent(result::message);
            polling.getError().ifPresent(result::error);
            String trouble = end == null ? trouble() : null;
            if (trouble != null) {
                // platforms show either the message or the data
                result.down().message(trouble).detail("cause", trouble);
            }
        } else {
            result.down().message("The run is " + end.state() + ": " + end.cause());
        }
        describe(result, ledger);
        if (end != null) {
            result.detail("seconds", end.duration().toMillis() / 1000.0);
            if (end.cause() != null) {
                result.detail("cause", end.cause());
            }
        }
        return result.build();
    }

    /** Why the run cannot go on just now; null if it does. */
    private @Nullable String trouble() {
        List<String> troubles = ledger.run().report().troubles().words();
        if (!troubles.isEmpty()) {
            return String.join(" ", troubles);
        }
        return ledger.run().changes().gaps().areBroken()
                ? "The source sends no change notifications just now: changes wait until it does."
                : null;
    }

    /** Enters state and counts of a run. */
    static void describe(HealthCheckResultBuilder result, Ledger ledger) {
        Counts counts = ledger.counts();
        result.detail("migration", ledger.migration())
                .detail("state", ledger.state())
                .detail("read", counts.read())
                .detail("restored", counts.restored())
                .detail("kept", counts.kept())
                .detail("vanished", counts.vanished())
                .detail("filtered", counts.filtered())
                .detail("deleted", counts.deleted())
                .detail("handedOn", counts.handedOn())
                .detail("refused", counts.refused());
        ledger.differing()
                .forEach((cause, keys) ->
                        result.detail("differing." + cause.name().toLowerCase(Locale.ROOT), keys));
    }
}
