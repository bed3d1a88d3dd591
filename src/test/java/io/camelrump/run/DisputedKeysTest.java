package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.KeyList;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DisputedKeysTest {
    private final DisputedKeys disputed = new DisputedKeys();

    @BeforeEach
    void begin() {
        disputed.begin(List::of);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> keys(String... names) {
        return Stream.of(names).map(DisputedKeysTest::bytes).toList();
    }

    private static List<String> names(Collection<byte[]> keys) {
        return keys.stream().map(key -> new String(key, StandardCharsets.UTF_8)).toList();
    }

    private List<String> copied(String... names) {
        KeyList left = disputed.without(KeyList.of(keys(names).toArray(byte[][]::new)));
        return IntStream.range(0, left.size())
                .mapToObj(i -> new String(left.get(i), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aReportedKeyIsNotCopiedUntilBothSidesAreFoundEqual() {
        disputed.written(keys("a", "b"));
        assertThat(copied("a", "b", "c")).containsExactly("c");

        List<byte[]> again = disputed.compared(disputed.suspects(), keys("b"));

        assertThat(names(again)).containsExactly("a");
        assertThat(copied("a", "b", "c")).containsExactly("a", "c");
        assertThat(names(disputed.open())).containsExactly("b");
        assertThat(disputed.suspects().keys()).isEmpty();
    }

    @Test
    void aKeyThatIsReportedWhileItIsComparedIsComparedOnceMore() {
        disputed.written(keys("a"));
        DisputedKeys.Suspects suspects = disputed.suspects();
        disputed.written(keys("a"));

        assertThat(disputed.compared(suspects, List.of())).isEmpty();

        assertThat(names(disputed.suspects().keys())).containsExactly("a");
        assertThat(names(disputed.compared(disputed.suspects(), List.of()))).containsExactly("a");
    }

    @Test
    void aContendedKeyIsCopiedAgainUnlessItIsHeld() {
        disputed.written(keys("held"));

        assertThat(names(disputed.contended(keys("a", "held")))).containsExactly("a");

        assertThat(names(disputed.contended())).containsExactly("a");
        assertThat(copied("a", "held")).containsExactly("a");
    }

    @Test
    void nothingIsDisputedBeforeBothSidesAreEqual() {
        DisputedKeys early = new DisputedKeys();

        early.written(keys("a"));
        assertThat(early.contended(keys("a"))).isEmpty();

        assertThat(early.open()).isEmpty();
        assertThat(early.held().open()).isEmpty();
    }

    @Test
    void aRunThatIsResumedHoldsWhatTheEarlierOneHeld() {
        disputed.written(keys("left"));
        disputed.decide(false);
        disputed.written(keys("open"));
        DisputedKeys resumed = new DisputedKeys();
        resumed.begin(List::of);

        resumed.resume(disputed.held());

        assertThat(names(resumed.open())).containsExactly("open");
        assertThat(resumed.isLeft(bytes("left"))).isTrue();
        assertThat(resumed.areMore()).isFalse();
    }

    @Test
    void aNameThatIsNotKnownAtTheSourceIsCountedAmongTheOthers() {
        disputed.begin(name -> null);

        disputed.written(keys("renamed"));

        assertThat(disputed.areMore()).isTrue();
        assertThat(disputed.held().more()).isTrue();
    }
}
