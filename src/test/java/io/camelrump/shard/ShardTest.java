package io.camelrump.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.UsageException;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.Slot;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100, 16_384})
    void everySlotIsInOneShare(int count) {
        BitSet seen = new BitSet(Slot.COUNT);
        int slots = 0;
        for (int i = 0; i < count; i++) {
            BitSet ours = Share.of(new Shard(i, count)).slots();
            assertThat(ours.cardinality()).isPositive();
            slots += ours.cardinality();
            seen.or(ours);
        }

        assertThat(slots).isEqualTo(Slot.COUNT);
        assertThat(seen.cardinality()).isEqualTo(Slot.COUNT);
    }

    @Test
    void asManyShardsAsMastersReadOneMasterEach() {
        // as redis-cli --cluster create cuts them
        assertThat(Share.of(new Shard(0, 3)).slots().length()).isEqualTo(5_461);
        assertThat(Share.of(new Shard(1, 3)).slots().length()).isEqualTo(10_923);
        assertThat(Share.of(new Shard(2, 3)).slots().nextSetBit(0)).isEqualTo(10_923);
    }

    @Test
    void aKeyIsTakenByTheShardOfItsSlot() {
        KeyList names = KeyList.of(IntStream.range(0, 1_000)
                .mapToObj(i -> ("key " + i).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new));

        List<KeyList> parts = IntStream.range(0, 3)
                .mapToObj(i -> Share.of(new Shard(i, 3)).keep(names))
                .toList();

        assertThat(parts.stream().mapToInt(KeyList::size).sum()).isEqualTo(1_000);
        assertThat(parts).allSatisfy(part -> assertThat(part.size()).isBetween(250, 420));
        assertThat(Share.WHOLE.keep(names)).isSameAs(names);
        assertThat(Share.of(new Shard(0, 1)).keep(names)).isSameAs(names);
    }

    @Test
    void keysOfAServerAreExpectedByTheirSlots() {
        Share share = Share.of(new Shard(1, 4));
        BitSet half = new BitSet(Slot.COUNT);
        half.set(0, Slot.COUNT / 2);

        assertThat(share.expected(1_000, Share.WHOLE.slots())).isEqualTo(250);
        assertThat(share.expected(1_000, half)).isEqualTo(500);
        assertThat(share.expected(-1, half)).isEqualTo(-1);
        assertThat(Share.WHOLE.expected(1_000, half)).isEqualTo(1_000);
    }

    @Test
    void anyOtherTextIsRefused() {
        assertThat(Shard.parse(null)).isNull();
        assertThat(Shard.parse("2/3")).isEqualTo(new Shard(2, 3)).hasToString("2/3");
        Stream.of("", "1", "a/b", "-1/3", "1/2/3", "1 / 2", "99999999/3")
                .forEach(text -> assertThatThrownBy(() -> Shard.parse(text))
                        .as(text)
                        .isInstanceOf(UsageException.class)
                        .hasMessageContaining("such as 0/3"));
        Stream.of("3/3", "0/0", "0/16385").forEach(text -> assertThatThrownBy(() -> Shard.parse(text))
                .as(text)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no shard"));
    }
}
