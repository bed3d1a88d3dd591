package io.camelrump;

import io.camelrump.cutover.TrustedSide;
import io.camelrump.throttle.RateLimits;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/**
 * Steers the run that reads the server of the endpoint's name: {@code rump:source?operation=status}. Whatever it does,
 * the body becomes the status of the run thereafter, as JSON.
 */
final class ControlProducer extends DefaultProducer {
    private static final String KEYS = "maxKeysPerSecond";
    private static final String BYTES = "maxBytesPerSecond";
    private static final String REHEARSE = "rehearse";

    private final RumpEndpoint endpoint;

    ControlProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        HostedRun run = new RunOfName(endpoint).find();
        switch (endpoint.getOperation()) {
            case STATUS -> {}
            case PAUSE -> pause(run);
            case RESUME -> run.steering().resume();
            case LIMIT -> limit(run, exchange.getMessage().getBody(String.class));
            case CUTOVER -> cutOver(run, exchange.getMessage().getBody(String.class));
            case GO_BACK -> goBack(run, TrustedSide.of(exchange.getMessage().getBody(String.class)));
            case RELEASE -> release(run);
            case ABORT -> abort(run);
            case RESTORE, COMPARE, LOOKUP, EVENTS ->
                throw new IllegalStateException("no operation of a producer on a run");
        }
        exchange.getMessage().setBody(new RunStatus(run).json().toJson());
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    }

    private static void pause(HostedRun run) throws ControlRefusedException {
        new RunOperations(run).require(Operation.PAUSE);
        if (!run.steering().pause()) {
            throw new ControlRefusedException(RunOperations.IN_CUTOVER);
        }
    }

    /** A member that is not given leaves its limit as it is; 0 and null are no limit. */
    private static void limit(HostedRun run, @Nullable String text) throws ControlRefusedException {
        new RunOperations(run).require(Operation.LIMIT);
        Map<?, ?> wanted = object(text);
        RateLimits now = run.steering().limits();
        run.steering().limit(new RateLimits(number(wanted, KEYS, now.keys()), number(wanted, BYTES, now.bytes())));
    }

    private static Map<?, ?> object(@Nullable String text) {
        try {
            if (text != null
                    && Jsoner.deserialize(text) instanceof Map<?, ?> object
                    && !object.isEmpty()
                    && object.keySet().stream().allMatch(name -> name.equals(KEYS) || name.equals(BYTES))) {
                return object;
            }
        } catch (DeserializationException | RuntimeException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static UsageException wrong(@Nullable String text, @Nullable Exception cause) {
        return new UsageException(
                "operation=limit takes JSON such as {\"" + KEYS + "\": 10000, \"" + BYTES
                        + "\": 10000000}, or one of both; 0 is no limit. It was given "
                        + (text == null || text.isBlank() ? "nothing" : text.length() > 200 ? "another text" : text)
                        + ".",
                cause);
    }

    private static long number(Map<?, ?> object, String name, long otherwise) {
        if (!object.containsKey(name)) {
            return otherwise;
        }
        Object value = object.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && number.longValue() >= 0
                && number.doubleValue() < Long.MAX_VALUE) {
            return number.longValue();
        }
        throw new UsageException(name + " is " + value + ": it must be a whole number from 0, where 0 is no limit");
    }

    private static void cutOver(HostedRun run, @Nullable String text) throws ControlRefusedException {
        boolean rehearsal = isRehearsal(text);
        if (!rehearsal) {
            new RunOperations(run).require(Operation.CUTOVER);
            run.ledger().cutOver("a person has asked for it");
            return;
        }
        String objection = new RunStatus(run).cutoverObjection(false);
        if (objection != null) {
            throw new ControlRefusedException("The run cannot cut over: " + objection + ".");
        }
        run.steering().rehearse();
    }

    /** A body that is no object, such as that of a message of a route's own, says nothing of a rehearsal. */
    private static boolean isRehearsal(@Nullable String text) {
        if (text == null || !text.strip().startsWith("{")) {
            return false;
        }
        try {
            if (Jsoner.deserialize(text) instanceof Map<?, ?> object
                    && object.size() == 1
                    && object.get(REHEARSE) instanceof Boolean wanted) {
                return wanted;
            }
        } catch (DeserializationException | RuntimeException e) {
            // as any other that is not understood
        }
        throw new UsageException("operation=cutover takes the body {\"" + REHEARSE + "\": true}, or none");
    }

    private static void abort(HostedRun run) throws ControlRefusedException {
        new RunOperations(run).require(Operation.ABORT);
        if (!run.steering().takeBack()) {
            run.ledger().stopReading();
        }
    }

    /** @param trusted the side that has the right values of disputed keys; null if nobody has said so */
    private static void goBack(HostedRun run, @Nullable TrustedSide trusted) throws ControlRefusedException {
        RunOperations operations = new RunOperations(run);
        if (operations.isDecidedByGoingBack()) {
            run.ledger().cutOver("a person says that the clients are back");
            return;
        }
        if (trusted != null) {
            operations.requireWayBack().decide(trusted == TrustedSide.NEW);
        }
        operations.require(Operation.GO_BACK);
        run.ledger().cutOver("a person has asked to go back");
    }

    private static void release(HostedRun run) throws ControlRefusedException {
        new RunOperations(run).requireWayBack().cutOver();
    }
}
