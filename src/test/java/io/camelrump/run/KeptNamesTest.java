package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptNamesTest {
    private static byte[] key(int i) {
        return ("key:" + i).getBytes(StandardCharsets.US_ASCII);
    }

    private static KeptNames filled(KeptNames kept, int keys) {
        IntStream.range(0, keys).forEach(i -> kept.add(i % 3, key(i)));
        return kept;
    }

    @Test
    void knowsEachKeyOfItsDatabaseAndNoOther() {
        KeptNames kept = filled(new KeptNames(), 50_000);

        assertThat(IntStream.range(0, 50_000)).allMatch(i -> kept.answer(i % 3, key(i)) == KeptNames.Answer.KEPT);
        assertThat(IntStream.range(0, 50_000))
                .allMatch(i -> kept.answer(i % 3 + 1, key(i)) != KeptNames.Answer.UNKNOWN);
        assertThat(IntStream.range(50_000, 100_000))
                .allMatch(i -> kept.answer(i % 3, key(i)) == KeptNames.Answer.NOT_KEPT);
        assertThat(kept.answer(0, new byte[0])).isEqualTo(KeptNames.Answer.NOT_KEPT);
    }

    @Test
    void doesNotKnowWhatItHasNoRoomFor() {
        KeptNames kept = filled(new KeptNames(32_768), 5_000);

        assertThat(kept.answer(0, key(0))).isEqualTo(KeptNames.Answer.KEPT);
        assertThat(kept.answer(0, key(9_999))).isEqualTo(KeptNames.Answer.UNKNOWN);
        kept.clear();
        assertThat(kept.answer(0, key(0))).isEqualTo(KeptNames.Answer.NOT_KEPT);
        assertThat(filled(kept, 10).answer(0, key(9))).isEqualTo(KeptNames.Answer.KEPT);
    }
}
