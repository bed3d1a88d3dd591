package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameHashesTest {
    private static final long FEW_BYTES = 64 * 1024;

    private final NameHashes names = new NameHashes(FEW_BYTES);

    @Test
    void knowsEachNameUntilItLeaves() {
        assertThat(IntStream.range(0, names.most()).allMatch(i -> add("name " + i)))
                .isTrue();

        for (int i = 0; i < names.most(); i += 2) {
            remove("name " + i);
        }

        for (int i = 0; i < names.most(); i++) {
            assertThat(contains("name " + i)).as("name " + i).isEqualTo(i % 2 == 1);
        }
        assertThat(names.size()).isEqualTo(names.most() / 2);
        assertThat(contains("another one")).isFalse();
    }

    @Test
    void takesNoMoreThanItsShareHolds() {
        IntStream.range(0, names.most()).forEach(i -> add("name " + i));

        assertThat(add("one too many")).isFalse();
        assertThat(add("name 1")).isTrue();
    }

    @Test
    void isTheSameWhenItIsReadAgain() {
        IntStream.range(0, 1_000).forEach(i -> add("name " + i));
        remove("name 7");

        NameHashes read = Objects.requireNonNull(NameHashes.decode(names.encode()));

        assertThat(read.size()).isEqualTo(999);
        byte[] bytes = "name 8".getBytes(StandardCharsets.UTF_8);
        assertThat(read.contains(bytes, 0, bytes.length)).isTrue();
    }

    @Test
    void takesNamesForThoseThatHaveLeft() {
        for (int round = 0; round < 4; round++) {
            int from = round * names.most();
            for (int i = from; i < from + names.most(); i++) {
                assertThat(add("name " + i)).as("name " + i).isTrue();
            }
            for (int i = from; i < from + names.most(); i++) {
                remove("name " + i);
            }
        }

        assertThat(names.size()).isZero();
    }

    @Test
    void isWrittenAnewOnlyWhereItHasChanged() {
        IntStream.range(0, 1_000).forEach(i -> add("name " + i));
        String first = names.encode();

        add("name 1");
        remove("another one");
        assertThat(names.encode()).isSameAs(first);
        remove("name 1");
        assertThat(Objects.requireNonNull(NameHashes.decode(names.encode())).size())
                .isEqualTo(999);
        add("name 1");
        assertThat(Objects.requireNonNull(NameHashes.decode(names.encode())).size())
                .isEqualTo(1_000);
    }

    private boolean add(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return names.add(bytes, 0, bytes.length);
    }

    private void remove(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        names.remove(bytes, 0, bytes.length);
    }

    private boolean contains(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return names.contains(bytes, 0, bytes.length);
    }
}
