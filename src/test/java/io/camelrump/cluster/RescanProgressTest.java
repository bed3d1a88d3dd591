package io.camelrump.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class RescanProgressTest {
    private static final ServerAddress SEED =
            new ServerAddress("seed", 7000, null, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** Each scan takes longer than retries are wanted. */
    private final RescanProgress progress = new RescanProgress(SEED, Duration.ZERO);

    @Test
    void aShardThatIsScannedAgainAFewTimesIsNoContradiction() {
        for (int round = 0; round < 5; round++) {
            progress.begin(slots(1, 2));
        }
        progress.begin(slots(3));
        for (int round = 0; round < 5; round++) {
            progress.begin(slots(1, 2));
        }
        progress.settled();
        for (int round = 0; round < 5; round++) {
            progress.begin(slots(1, 2));
        }
    }

    @Test
    void slotsThatComeAgainAllTheTimeAreGivenUp() {
        assertThatThrownBy(() -> {
                    for (int round = 0; round < 20; round++) {
                        progress.begin(slots(1, 2));
                    }
                })
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("seed:7000: 2 slots, such as slot 1, must be scanned again each time");
    }

    @Test
    void aFastScanIsRepeatedForAsLongAsRetriesAreWanted() {
        RescanProgress patient = new RescanProgress(SEED, Duration.ofMinutes(1));
        for (int round = 0; round < 100; round++) {
            patient.begin(slots(1));
        }
    }

    private static BitSet slots(int... slots) {
        BitSet set = new BitSet();
        for (int slot : slots) {
            set.set(slot);
        }
        return set;
    }
}
