package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyListTest {

    @Property(tries = 200)
    void holdsTheKeysInOrder(@ForAll @Size(max = 50) List<byte[]> keys) {
        KeyList list = KeyList.of(keys.toArray(byte[][]::new));

        assertThat(list.size()).isEqualTo(keys.size());
        assertThat(list.byteCount())
                .isEqualTo(keys.stream().mapToInt(key -> key.length).sum());
        for (int i = 0; i < keys.size(); i++) {
            assertThat(list.get(i)).isEqualTo(keys.get(i));
        }
    }

    @Property(tries = 200)
    void slicesAndSelectionsHoldTheirKeys(@ForAll @Size(min = 1, max = 30) List<byte[]> keys) {
        KeyList list = KeyList.of(keys.toArray(byte[][]::new));
        int half = keys.size() / 2;
        KeyList second = list.slice(half, keys.size());
        int[] backwards = IntStream.range(0, second.size())
                .map(i -> second.size() - 1 - i)
                .toArray();
        KeyList selected = second.select(backwards);

        assertThat(second.byteCount()).isEqualTo(selected.byteCount());
        for (int i = 0; i < second.size(); i++) {
            assertThat(second.get(i)).isEqualTo(keys.get(half + i));
            assertThat(selected.get(i)).isEqualTo(keys.get(keys.size() - 1 - i));
            assertThat(second.slice(i, i + 1).get(0)).isEqualTo(keys.get(half + i));
        }
    }

    @Property(tries = 200)
    void twoListsMakeOne(@ForAll @Size(min = 1, max = 30) List<byte[]> keys) {
        KeyList list = KeyList.of(keys.toArray(byte[][]::new));
        KeyList joined = list.slice(1, keys.size()).with(list.slice(0, 1));

        assertThat(joined.size()).isEqualTo(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            assertThat(joined.get(i)).isEqualTo(keys.get((i + 1) % keys.size()));
        }
    }

    @Test
    void aListOfLongKeysHoldsLittleMoreThanTheirBytes() {
        byte[] key = new byte[1 << 20];
        KeyList list = KeyList.of(key, key, key, key, key);

        assertThat(list.array().length).isBetween(list.byteCount(), list.byteCount() * 9 / 8);
    }

    @Test
    void emptyNamesAndEmptyListsAreFine() {
        assertThat(KeyList.of().byteCount()).isZero();
        assertThat(KeyList.of().slice(0, 0).size()).isZero();
        assertThat(KeyList.of(new byte[0], new byte[0]).get(1)).isEmpty();
        assertThat(KeyList.of(new byte[5000]).get(0)).hasSize(5000);
    }
}
