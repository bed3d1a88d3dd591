package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.JedisClusterCRC16;

class SlotTest {

    @Test
    void theSpecificationsExampleHasItsSlot() {
        assertThat(slot("123456789")).isEqualTo(0x31C3);
    }

    @Test
    void theHashTagInTheFirstBracesDecides() {
        assertThat(slot("{user1000}.following")).isEqualTo(slot("user1000"));
        assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
        assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
    }

    @Test
    void emptyOrOpenBracesAreOrdinaryCharacters() {
        assertThat(slot("foo{}{bar}")).isNotEqualTo(slot("bar"));
        assertThat(slot("foo{bar")).isNotEqualTo(slot("bar"));
        assertThat(slot("")).isZero();
    }

    @Property
    void slotsOfKeysAreThoseOfJedis(@ForAll byte[] key) {
        assertThat(Slot.of(key)).isEqualTo(JedisClusterCRC16.getSlot(key));
    }

    @Property
    void slotsOfKeysWithinAnArrayAreTheSame(@ForAll byte[] before, @ForAll byte[] key, @ForAll byte[] after) {
        byte[] array = new byte[before.length + key.length + after.length];
        System.arraycopy(before, 0, array, 0, before.length);
        System.arraycopy(key, 0, array, before.length, key.length);
        System.arraycopy(after, 0, array, before.length + key.length, after.length);

        assertThat(Slot.of(array, before.length, key.length)).isEqualTo(Slot.of(key));
    }

    private static int slot(String key) {
        return Slot.of(key.getBytes(StandardCharsets.ISO_8859_1));
    }
}
