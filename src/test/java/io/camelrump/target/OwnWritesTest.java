package io.camelrump.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Outcome;
import io.camelrump.Pages;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnWritesTest {
    private final Run run = new Run("rump", 1);
    private final OwnWrites own = new OwnWrites();

    @BeforeEach
    void keep() {
        own.keep();
    }

    private long send(String key) {
        PageData page = Pages.out(run, key);
        return own.sending(List.of(new PageSlice(page, 0, 1, new Outcome[1], null)));
    }

    private void write(String key) {
        own.settled(send(key));
    }

    /** The target answers a ping that is sent now. */
    private void ping() {
        own.reported(own.pinging());
    }

    private boolean mayContain(String key) {
        return own.mayContain(key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aNameStaysUntilAPingIsAnsweredThatWasSentAfterItsWrite() {
        long early = own.pinging();
        write("a");
        own.reported(early);
        assertThat(mayContain("a")).isTrue();
        assertThat(mayContain("b")).isFalse();

        ping();

        assertThat(mayContain("a")).isFalse();
    }

    @Test
    void aNameStaysWhileItsWriteIsInFlightHoweverManyPingsAreAnswered() {
        long sent = send("a");
        ping();
        ping();
        ping();
        assertThat(mayContain("a")).isTrue();

        own.settled(sent);
        ping();

        assertThat(mayContain("a")).isFalse();
    }

    @Test
    void namesOfLaterWritesStayWhenThoseOfEarlierOnesAreForgotten() {
        write("a");
        ping();
        write("b");
        long inFlight = send("c");
        ping();

        assertThat(mayContain("a")).isFalse();
        assertThat(mayContain("b")).isTrue();
        assertThat(mayContain("c")).isTrue();
        own.settled(inFlight);
    }

    @Test
    void aPingThatWasSentWhileWritesWereInFlightSaysNothing() {
        long sent = send("a");
        ping();
        long during = own.pinging();
        own.settled(sent);

        own.reported(during);

        assertThat(mayContain("a")).isTrue();
    }

    @Test
    void nothingIsKeptWhereNobodyAsks() {
        OwnWrites unasked = new OwnWrites();
        PageData page = Pages.out(run, "a");

        unasked.settled(unasked.sending(List.of(new PageSlice(page, 0, 1, new Outcome[1], null))));

        assertThat(unasked.mayContain("a".getBytes(StandardCharsets.UTF_8))).isFalse();
    }
}
