package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Routes that end in a transport and {@link Acknowledge}: only what the transport can have taken counts as handed on.
 */
class TransportIT {
    private static final int SMALL_KEYS = 300;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "scanCount=50&stallTimeout=1s");

    /** What the transport took: payloads by name. */
    private final Map<String, byte[]> taken = new ConcurrentHashMap<>();

    @BeforeEach
    void fillSource() {
        SampleData.fillStrings(PAIR.atSource(), SMALL_KEYS, 20);
        PAIR.atSource().rpush("large", "x".repeat(40_000), "y".repeat(40_000), "z".repeat(40_000));
    }

    @Test
    void keyInPartsHasNoPayloadAndTheRunIsNotComplete() throws Exception {
        route.start("bigKey=64kb", (routes, read) -> read.process(this::take).process(new Acknowledge()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("\"large\"", "in parts", "bigKey=off");
        assertThat(taken).doesNotContainKey("large");
        assertThat(ledger.counts().handedOn()).isLessThanOrEqualTo(SMALL_KEYS);
    }

    @Test
    void keyInPartsIsNotAcknowledged() throws Exception {
        route.start("bigKey=64kb", (routes, read) -> read.process(new Acknowledge()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.FAILED);
        assertThat(ledger.failure()).contains("in parts", "bigKey=off");
    }

    @Test
    void largeKeyThatIsDumpedAsAWholeIsHandedOn() throws Exception {
        route.start("bigKey=off", (routes, read) -> read.process(this::take).process(new Acknowledge()));

        isHandedOn();
        assertThat(taken.get("large")).isEqualTo(PAIR.atSource().dump("large".getBytes()));
    }

    @Test
    void keysOfASplitPageAreAcknowledgedOneByOne() throws Exception {
        AtomicInteger keys = new AtomicInteger();
        route.start("bigKey=off", (routes, read) -> read.split(routes.body())
                .filter(exchange -> keys.incrementAndGet() != 7)
                .process(new Acknowledge()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.pagesOut()).isEqualTo(1);
    }

    @Test
    void replacedBodyOfASplitPageIsAcknowledgedBehindTheSplit() throws Exception {
        route.start("bigKey=off", (routes, read) -> read.split(routes.body())
                .process(TransportIT::nameAlone)
                .end()
                .process(new Acknowledge()));

        isHandedOn();
    }

    @Test
    void replacedBodyInsideASplitIsNotAcknowledged() throws Exception {
        route.start("bigKey=off", (routes, read) -> read.split(routes.body())
                .stopOnException()
                .process(TransportIT::nameAlone)
                .process(new Acknowledge()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("put it behind the split");
        assertThat(ledger.counts().handedOn()).isZero();
    }

    private void take(Exchange exchange) {
        for (DumpedKey key : exchange.getMessage().getBody(Page.class)) {
            taken.put(new String(key.key()), key.payload());
        }
    }

    private static void nameAlone(Exchange exchange) {
        exchange.getMessage()
                .setBody(new String(
                        exchange.getMessage().getBody(DumpedKey.class).key()));
    }

    private void isHandedOn() {
        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(ledger.counts().handedOn()).isEqualTo(SMALL_KEYS + 1);
    }
}
