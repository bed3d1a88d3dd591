package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Pages;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RetryWindowTest {
    private static final Duration RETRY_FOR = Duration.ofSeconds(5);
    private static final RedisException CUT =
            RedisException.transientError("127.0.0.1:1: the connection was cut.", null);
    private static final RedisException REFUSED = RedisException.permanentError("127.0.0.1:1: NOAUTH.");

    private static final ServerAddress SERVER =
            new ServerAddress("new.example", 6379, null, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private long now = 17;
    private final RetryWindow window = new RetryWindow("Source", RETRY_FOR, () -> now);
    private final Run run = new Run("rump", 1);

    @Test
    void isOverWhenEveryTryHasFailedForAllOfTheTime() {
        window.open();
        now += RETRY_FOR.toNanos() - 1;
        assertThat(window.isOver()).isFalse();

        now++;
        assertThat(window.isOver()).isTrue();
        assertThat(window.gaveUp("It is away.")).isEqualTo("It is away. Gave up after 5 s.");
    }

    @Test
    void aRunThatBeginsAfterOneThatGaveUpHasAllTheTimeAgain() throws Exception {
        window.failed(CUT, List.of(run));
        now += RETRY_FOR.toNanos();
        assertThatThrownBy(() -> window.failed(CUT, List.of(run))).hasMessageContaining("Gave up");
        run.fail("gave up");
        assertThatThrownBy(() -> window.failed(CUT, List.of(run))).hasMessageContaining("Gave up");

        run.reset();

        assertThat(window.failed(CUT, List.of(run))).hasCause(CUT);
        now += RETRY_FOR.toNanos();
        assertThatThrownBy(() -> window.failed(CUT, List.of(run))).hasMessageContaining("Gave up");
    }

    @Test
    void theFirstFailureOpensItAndNoLaterOneDelaysItsEnd() {
        assertThat(window.open()).isTrue();
        now += RETRY_FOR.toNanos() / 2;
        assertThat(window.open()).isFalse();

        now += RETRY_FOR.toNanos() / 2;
        assertThat(window.isOver()).isTrue();
    }

    @Test
    void aSuccessClosesItSoThatTheNextFailureHasAllTheTimeAgain() {
        assertThat(window.succeeded()).isFalse();
        window.open();
        window.nextBackoff();
        now += RETRY_FOR.toNanos();

        assertThat(window.succeeded()).isTrue();
        assertThat(window.isOver()).isFalse();

        assertThat(window.open()).isTrue();
        assertThat(window.isOver()).isFalse();
        assertThat(window.nextBackoff()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void backoffDoublesFrom50MillisecondsToASecond() {
        window.open();

        assertThat(LongStream.generate(window::nextBackoff)
                        .limit(7)
                        .map(TimeUnit.NANOSECONDS::toMillis)
                        .boxed())
                .containsExactly(50L, 100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void awaitRetryLetsTheCallerTryAgainUntilTheTimeIsOver() throws InterruptedException {
        window.awaitRetry(CUT, run);
        now += RETRY_FOR.toNanos() - 1;
        window.awaitRetry(CUT, run);
        now++;

        assertThatThrownBy(() -> window.awaitRetry(CUT, run))
                .isInstanceOfSatisfying(
                        RedisException.class, e -> assertThat(e.isPermanent()).isTrue())
                .hasMessage("127.0.0.1:1: the connection was cut. Gave up after 5 s.");
    }

    @Test
    void awaitRetryEndsAtOnceWhereNoRetryHelpsOrTheRunStops() {
        assertThatThrownBy(() -> window.awaitRetry(REFUSED, run)).isSameAs(REFUSED);

        run.stopReading();
        assertThatThrownBy(() -> window.awaitRetry(CUT, run)).isSameAs(CUT);
        assertThat(window.succeeded()).as("something was tried again").isFalse();
    }

    @Test
    void anUnknownHostIsWaitedForOnlyAfterTheStart() throws InterruptedException {
        RedisException unknown = ErrorText.failure(SERVER, new UnknownHostException("new.example"));

        assertThatThrownBy(() -> window.awaitStart(unknown, run)).isSameAs(unknown);
        window.awaitRetry(unknown, run);
    }

    /** After a resolver gave no answer Java says for ten seconds that the host is unknown. */
    @Test
    void anUnknownHostIsWaitedForAfterAnotherFailure() throws InterruptedException {
        RedisException unknown = ErrorText.failure(SERVER, new UnknownHostException("new.example"));

        window.awaitStart(CUT, run);
        window.awaitStart(unknown, run);
        now += RETRY_FOR.toNanos();
        assertThatThrownBy(() -> window.awaitStart(unknown, run)).hasMessageContaining("Gave up after 5 s");
    }

    @Test
    void aStartAsksUntilThereIsAnAnswer() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();

        int answer = window.atStart(SERVER, () -> {
            if (asked.incrementAndGet() < 3) {
                throw new ConnectException("Connection refused");
            }
            return asked.get();
        });

        assertThat(answer).isEqualTo(3);
        assertThatThrownBy(() -> window.atStart(SERVER, () -> {
                    throw REFUSED;
                }))
                .isSameAs(REFUSED);
    }

    @Test
    void aRouteMayTryAgainUntilTheTimeIsOver() throws TargetClosedException {
        assertThat(window.failed(CUT, List.of(run)))
                .isInstanceOf(TransientTargetException.class)
                .hasMessage("Source: 127.0.0.1:1: the connection was cut.")
                .hasCause(CUT);
        now += RETRY_FOR.toNanos();

        assertThatThrownBy(() -> window.failed(CUT, List.of(run), "; 3 keys were written"))
                .isInstanceOf(TargetClosedException.class)
                .hasMessage("Source: 127.0.0.1:1: the connection was cut. Gave up after 5 s; 3 keys were written.");
    }

    @Test
    void aRouteFailsAtOnceWhereNoRetryHelps() {
        assertThatThrownBy(() -> window.failed(REFUSED, List.of(run)))
                .isInstanceOf(TargetClosedException.class)
                .hasMessage("Source: 127.0.0.1:1: NOAUTH.");
    }

    @Test
    void theRunsThatWaitAreNotTakenForStalled() throws TargetClosedException {
        Pages.out(run, "a");
        long silence = TimeUnit.MILLISECONDS.toNanos(200);
        Awaitility.await().until(() -> run.pages().silentNanos() > silence);

        window.failed(CUT, List.of(run));

        assertThat(run.pages().silentNanos()).isLessThan(silence);
    }
}
