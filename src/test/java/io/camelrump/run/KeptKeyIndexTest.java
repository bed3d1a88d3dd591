package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptKeyIndexTest {
    private static byte[] key(int i) {
        return ("key:" + i).getBytes(StandardCharsets.US_ASCII);
    }

    private static KeptKeyIndex filled(KeptKeyIndex kept, int keys) {
        IntStream.range(0, keys).forEach(i -> kept.add(i % 3, key(i)));
        return kept;
    }

    @Test
    void knowsEachKeyOfItsDatabaseAndNoOther() {
        KeptKeyIndex kept = filled(new KeptKeyIndex(), 50_000);

        assertThat(IntStream.range(0, 50_000)).allMatch(i -> kept.answer(i % 3, key(i)) == KeptKeyIndex.Answer.KEPT);
        assertThat(IntStream.range(0, 50_000))
                .allMatch(i -> kept.answer(i % 3 + 1, key(i)) != KeptKeyIndex.Answer.UNKNOWN);
        assertThat(IntStream.range(50_000, 100_000))
                .allMatch(i -> kept.answer(i % 3, key(i)) == KeptKeyIndex.Answer.NOT_KEPT);
        assertThat(kept.answer(0, new byte[0])).isEqualTo(KeptKeyIndex.Answer.NOT_KEPT);
    }

    @Test
    void doesNotKnowWhatItHasNoRoomFor() {
        KeptKeyIndex kept = filled(new KeptKeyIndex(32_768), 5_000);

        assertThat(kept.answer(0, key(0))).isEqualTo(KeptKeyIndex.Answer.KEPT);
        assertThat(kept.answer(0, key(9_999))).isEqualTo(KeptKeyIndex.Answer.UNKNOWN);
        kept.clear();
        assertThat(kept.answer(0, key(0))).isEqualTo(KeptKeyIndex.Answer.NOT_KEPT);
        assertThat(filled(kept, 10).answer(0, key(9))).isEqualTo(KeptKeyIndex.Answer.KEPT);
    }
}
