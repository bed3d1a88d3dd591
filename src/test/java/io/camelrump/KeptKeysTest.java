package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptKeysTest {
    private static byte[] key(int i) {
        return ("key:" + i).getBytes(StandardCharsets.US_ASCII);
    }

    private static KeptKeys filled(KeptKeys kept, int keys) {
        IntStream.range(0, keys).forEach(i -> kept.add(i % 3, key(i)));
        return kept;
    }

    @Test
    void knowsEachKeyOfItsDatabaseAndNoOther() {
        KeptKeys kept = filled(new KeptKeys(), 50_000);

        assertThat(IntStream.range(0, 50_000)).allMatch(i -> kept.answer(i % 3, key(i)) == KeptKeys.Answer.KEPT);
        assertThat(IntStream.range(0, 50_000)).allMatch(i -> kept.answer(i % 3 + 1, key(i)) != KeptKeys.Answer.UNKNOWN);
        assertThat(IntStream.range(50_000, 100_000))
                .allMatch(i -> kept.answer(i % 3, key(i)) == KeptKeys.Answer.NOT_KEPT);
        assertThat(kept.answer(0, new byte[0])).isEqualTo(KeptKeys.Answer.NOT_KEPT);
    }

    @Test
    void doesNotKnowWhatItHasNoRoomFor() {
        KeptKeys kept = filled(new KeptKeys(32_768), 5_000);

        assertThat(kept.answer(0, key(0))).isEqualTo(KeptKeys.Answer.KEPT);
        assertThat(kept.answer(0, key(9_999))).isEqualTo(KeptKeys.Answer.UNKNOWN);
        kept.clear();
        assertThat(kept.answer(0, key(0))).isEqualTo(KeptKeys.Answer.NOT_KEPT);
        assertThat(filled(kept, 10).answer(0, key(9))).isEqualTo(KeptKeys.Answer.KEPT);
    }
}
