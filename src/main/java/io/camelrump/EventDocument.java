package io.camelrump;

import io.camelrump.cutover.CutoverDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An event with what was known of its run at that moment: headers for a route, and a document for machines. Each
 * document has all fields; what is not known, or means nothing to that event, is null.
 *
 * <p>Its schema is {@code src/main/docs/event.schema.json}.
 */
final class EventDocument {
    /** Grows when a field goes away or changes its meaning. */
    static final int SCHEMA_VERSION = 1;

    private final RunEvent event;
    private final String migration;
    private final CutoverDirection direction;
    private final RunPhase phase;
    private final RunState state;
    private final Counts counts;
    private final JsonObject json;

    /** Takes note of the run as it is now. */
    EventDocument(HostedRun hosted, RunEvent event) {
        Ledger ledger = hosted.ledger();
        this.event = event;
        this.migration = ledger.migration();
        this.direction = ledger.run().sources().direction();
        this.phase = ledger.phase();
        this.state = ledger.state();
        this.counts = ledger.counts();
        this.json = json(hosted);
    }

    RunEvent event() {
        return event;
    }

    private JsonObject json(HostedRun hosted) {
        Changes changes = hosted.ledger().changes();
        RunStatus status = new RunStatus(hosted);
        JsonObject document = new JsonObject();
        document.put("schemaVersion", SCHEMA_VERSION);
        document.put("event", event.kind().word());
        document.put("text", event.text());
        document.put("cause", event.cause());
        document.put("migration", migration);
        document.put("source", hosted.source());
        document.put("direction", direction.word());
        document.put("time", Instant.now().toString());
        document.put("seconds", hosted.ledger().run().elapsed().toMillis() / 1e3);
        document.put("phase", phase.word());
        document.put("state", state.name().toLowerCase(Locale.ROOT));
        document.put("keys", RunStatus.keys(counts));
        document.put("verified", status.verified());
        document.put("differing", event instanceof RunEvent.Verified verified ? verified.differing() : null);
        document.put("live", changes == null ? null : RunStatus.live(changes));
        Instant asOf = asOf();
        document.put("asOf", asOf == null ? null : asOf.toString());
        document.put("pauseLeftMillis", pauseLeft());
        document.put("leftBehind", CutoverDocument.leftBehind(hosted.steering().leftBehind()));
        return document;
    }

    private @Nullable Instant asOf() {
        if (event instanceof RunEvent.AtTheBarrier barrier) {
            return barrier.asOf();
        }
        return event instanceof RunEvent.Converged converged ? converged.asOf() : null;
    }

    private @Nullable Long pauseLeft() {
        Duration left = event instanceof RunEvent.AtTheBarrier barrier ? barrier.left() : null;
        return left == null ? null : left.toMillis();
    }

    /** Makes it the message of an exchange. */
    void writeTo(Message message) {
        message.setBody(json.toJson());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader(RumpConstants.EVENT, event.kind().word());
        message.setHeader(RumpConstants.TEXT, event.text());
        message.setHeader(RumpConstants.MIGRATION, migration);
        message.setHeader(RumpConstants.DIRECTION, direction);
        message.setHeader(RumpConstants.PHASE, phase);
        message.setHeader(RumpConstants.STATE, state);
        message.setHeader(RumpConstants.COUNTS, counts);
        setIfKnown(message, RumpConstants.CAUSE, event.cause());
        setIfKnown(message, RumpConstants.AS_OF, asOf());
        setIfKnown(message, RumpConstants.PAUSE_LEFT, pauseLeft());
    }

    private static void setIfKnown(Message message, String header, @Nullable Object value) {
        if (value != null) {
            message.setHeader(header, value);
        }
    }

    @Override
    public String toString() {
        return event.kind().word() + " of " + migration;
    }
}
