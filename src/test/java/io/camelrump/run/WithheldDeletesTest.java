package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WithheldDeletesTest {
    private final WithheldDeletes withheld = new WithheldDeletes(2, 64 * 1024);

    @Test
    void keysBeyondThoseThatAreNamedAreCountedOnceAndUntilTheyAreThereAgain() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                withheld.add(key(i));
            }
        }
        assertThat(withheld.count()).isEqualTo(1_000);
        assertThat(withheld.some(10)).containsExactly(key(0), key(1));

        for (int i = 0; i < 1_000; i++) {
            withheld.remove(key(i));
        }
        assertThat(withheld.count()).isZero();
        assertThat(withheld.some(10)).isEmpty();
    }

    private static byte[] key(int number) {
        return ("key " + number).getBytes(StandardCharsets.UTF_8);
    }
}
