package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadFooterTest {
    @Test
    void theOldestVersionReplacesANewerOne() {
        assertThat(PayloadFooter.withOldest(PayloadFooter.sample(12))).isEqualTo(PayloadFooter.sample(6));
    }

    @Test
    void aDamagedPayloadKeepsItsFooter() {
        byte[] payload = PayloadFooter.sample(12);
        payload[2] ^= 1;

        assertThat(PayloadFooter.withOldest(payload)).isNull();
    }

    @Test
    void aFormThatMeansTwoThingsKeepsItsFooter() {
        byte[] payload = PayloadFooter.sample(12);
        payload[0] = 22;

        assertThat(PayloadFooter.withOldest(payload)).isNull();
    }

    @Test
    void payloadsTooShortForAFooterHaveNoVersion() {
        assertThat(PayloadFooter.version(new byte[10], 0, 10)).isZero();
        assertThat(PayloadFooter.withOldest(new byte[3])).isNull();
    }
}
