package io.camelrump.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchWriterTest {
    /** An instant before 1970 on the target's clock is one that has passed; 0 would be none at all. */
    @ParameterizedTest
    @CsvSource({
        "5000, 0, 5000",
        "5000, 2000, 7000",
        "5000, -4999, 1",
        "5000, -5000, 1",
        "5000, -5001, 1",
        "1, -3600000, 1",
        "0, 0, 1",
    })
    void anExpiryIsNeverTakenForNone(long expiry, long aheadMillis, long expected) {
        assertThat(writer(aheadMillis, true).targetExpiry(page(expiry), 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "5000, false", "0, false"})
    void aKeyWithoutExpiryOrWhoseExpiryIsDroppedHasNone(long expiry, boolean keepTtl) {
        assertThat(writer(0, keepTtl).targetExpiry(page(expiry), 0)).isZero();
    }

    private static BatchWriter writer(long aheadMillis, boolean keepTtl) {
        return new BatchWriter(
                null,
                null,
                null,
                new ServerClock(aheadMillis * 1000, 0, true),
                new RestorePolicy(true, keepTtl, Deletions.UNUSED),
                false);
    }

    private static PageData page(long expiry) {
        byte[][] name = {"key".getBytes(StandardCharsets.US_ASCII)};
        int[] zero = {0};
        return new PageData(
                KeyList.of(name),
                new PayloadList(new byte[0], zero, zero),
                new long[] {expiry},
                new PageOrigin(0, 0, 0));
    }
}
