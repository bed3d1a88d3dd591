package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.KeyList;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NameGiversTest {
    private final NameGivers givers = new NameGivers();

    @Test
    void nameBelongsToTheKeyThatGaveItFirst() {
        assertThat(give("b", -1, "a", 0)).isTrue();
        assertThat(give("b", -1, "b", 0)).isFalse();
        assertThat(give("b", -1, "a", 0)).as("a key that was read twice").isTrue();
        assertThat(give("b", -1, "a", 1))
                .as("the same name in another database")
                .isFalse();
        assertThat(give("b", 4, "b", 0)).as("for another database").isTrue();
        assertThat(givers.size()).isEqualTo(2);
    }

    @Test
    void namesAreStillKnownWhenThereAreMany() {
        for (int i = 0; i < 5000; i++) {
            assertThat(give("name:" + i, -1, "key:" + i, 0)).isTrue();
        }
        for (int i = 0; i < 5000; i++) {
            assertThat(give("name:" + i, -1, "other:" + i, 0)).isFalse();
        }
    }

    @Test
    void aFullTableReportsThatItIsFull() {
        NameGivers few = new NameGivers(1);
        for (int i = 0; i < 2000; i++) {
            few.give(key("name:" + i), 0, -1, key("key"), 0, 0);
        }
        assertThat(few.isFull()).isTrue();
        assertThat(few.size()).isLessThan(2000);
    }

    private boolean give(String name, int targetDatabase, String key, int sourceDatabase) {
        return givers.give(key(name), 0, targetDatabase, key(key), 0, sourceDatabase);
    }

    private static KeyList key(String name) {
        return KeyList.of(name.getBytes(StandardCharsets.UTF_8));
    }
}
