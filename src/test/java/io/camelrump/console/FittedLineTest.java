package io.camelrump.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FittedLineTest {
    private static FittedLine copying() {
        return new FittedLine("copying", "  ")
                .bar(0.5)
                .add(0, "50 %")
                .add(4, "1,000,000 of 2,000,000 keys")
                .add(1, "93,180 keys/s")
                .add(2, "elapsed 0:15")
                .add(1, "left 0:15");
    }

    @Test
    void aWideLineHasAllPartsAndABar() {
        assertThat(copying().fit(120))
                .isEqualTo("copying  [===============>              ]  50 %  1,000,000 of 2,000,000 keys  93,180 keys/s"
                        + "  elapsed 0:15  left 0:15");
    }

    @Test
    void partsThatCountLeastAreLeftOutFirst() {
        assertThat(copying().fit(79))
                .startsWith("copying  [==")
                .endsWith("]  50 %  93,180 keys/s  elapsed 0:15  left 0:15")
                .hasSizeBetween(70, 79);
        assertThat(copying().fit(55)).startsWith("copying  [===").endsWith("]  50 %  93,180 keys/s  left 0:15");
    }

    @Test
    void noLineIsEverTooLong() {
        for (int columns = 1; columns < 200; columns++) {
            assertThat(copying().fit(columns)).hasSizeLessThanOrEqualTo(columns);
        }
    }

    @Test
    void aHeadThatIntroducesItsPartsIsFollowedByThem() {
        assertThat(new FittedLine("following: ", ", ")
                        .add(0, "lag 0.2 s")
                        .add(1, "14 waiting")
                        .fit(79))
                .isEqualTo("following: lag 0.2 s, 14 waiting");
    }

    @Test
    void aBarIsEmptyAtTheBeginningAndFullAtTheEnd() {
        assertThat(new FittedLine("a", " ").bar(0).fit(12)).isEqualTo("a [>       ]");
        assertThat(new FittedLine("a", " ").bar(1).fit(12)).isEqualTo("a [========]");
    }
}
