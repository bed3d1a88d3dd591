package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.ErrorReply;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScanCountTest {
    private static final int ANY = Integer.MAX_VALUE;
    private static final long NEAR = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long FAR = TimeUnit.MILLISECONDS.toNanos(10);

    private long now;
    private long calls = 1_000;
    private long micros = 5_000;

    private final ScanCount count = new ScanCount(1_000, 5_000, () -> now);

    @Test
    void nearServersAreAskedForTheLeast() {
        assertThat(scan(100, NEAR, 200, 4_000, ANY)).isEqualTo(1_000);
    }

    @Test
    void theCountGrowsWithTheDistanceUntilTheServerIsBusy() {
        assertThat(scan(100, FAR, 200, 6_000, ANY)).isBetween(3_000, 3_600);
    }

    @Test
    void theCountIsLittleMoreThanNeededWhereOtherClientsWait() {
        assertThat(scan(100, FAR, 200, 6_000, 5_000)).isBetween(2_000, 2_300);
    }

    @Test
    void theCountStaysBelowTwoMillisecondsOfTheServer() {
        assertThat(scan(100, FAR, 1_000, 4_000, ANY)).isBetween(1_900, 2_000);
        assertThat(scan(100, FAR, 3_000, 4_000, ANY)).isEqualTo(1_000);
    }

    @Test
    void theCountIsNeverAboveTheMost() {
        assertThat(scan(100, 10 * FAR, 100, 2_000, ANY)).isEqualTo(5_000);
    }

    @Test
    void theCountShrinksWhenTheRateDoes() {
        scan(100, FAR, 200, 4_000, ANY);

        assertThat(scan(50, FAR, 200, 100_000, ANY)).isEqualTo(1_000);
    }

    @Test
    void hiddenStatisticsAreReplacedByTheQuickestAnswers() {
        count.cost().answered(new ErrorReply("NOPERM no"));

        assertThat(scan(100, FAR, 1_000, 4_000, ANY)).isBetween(1_900, 2_000);
    }

    @Test
    void othersThatScanAsWellAreNotCountedIn() {
        scan(100, FAR, 1_000, 4_000, ANY);
        double known = count.cost().nanosPerKey();

        count.cost().asked();
        count.cost().sent(1_000);
        calls += 50;
        micros += 1_000_000;
        count.cost().answered(statistics());

        assertThat(count.cost().nanosPerKey()).isEqualTo(known);
    }

    @Test
    void aStepOfTheGuardBoundsTheCount() {
        scan(100, FAR, 200, 4_000, ANY);

        assertThat(scan(3, FAR, 200, 4_000, 128)).isEqualTo(128);
    }

    @Test
    void longNamesBoundTheCountForGood() {
        scan(100, FAR, 200, 4_000, ANY);
        int before = count.last();

        count.askFewer();

        assertThat(scan(10, FAR, 200, 4_000, ANY)).isEqualTo(before / 10);
    }

    @Test
    void aFixedScanCountNeverChanges() {
        ScanCount fixed = new ScanCount(300, 300, () -> now);

        for (int i = 0; i < 20; i++) {
            assertThat(fixed.wantsCost(FAR)).isFalse();
            assertThat(fixed.ask(FAR, ANY)).isEqualTo(300);
            now += FAR;
            fixed.answered();
        }
    }

    /**
     * A chain of SCANs, each of which leaves when the one before is answered.
     *
     * @param scanNanos of the server for each key of a SCAN
     * @param workNanos of the server for each key in all
     * @return the last count
     */
    private int scan(int times, long roundTrip, long scanNanos, long workNanos, int allowed) {
        for (int i = 0; i < times; i++) {
            boolean looks = count.wantsCost(roundTrip) && !count.cost().isHidden();
            String seen = looks ? text() : "";
            if (looks) {
                count.cost().asked();
            }
            int keys = count.ask(roundTrip, allowed);
            calls++;
            micros += keys * scanNanos / 1_000;
            now += Math.max(roundTrip + keys * scanNanos, keys * workNanos);
            if (looks) {
                count.cost().answered(seen.getBytes(StandardCharsets.US_ASCII));
            }
            count.answered();
        }
        return count.last();
    }

    private byte[] statistics() {
        return text().getBytes(StandardCharsets.US_ASCII);
    }

    private String text() {
        return "# Commandstats\r\ncmdstat_get:calls=1,usec=2,usec_per_call=2.00\r\ncmdstat_scan:calls=" + calls
                + ",usec=" + micros + ",usec_per_call=1.00,rejected_calls=0,failed_calls=0\r\n";
    }
}
