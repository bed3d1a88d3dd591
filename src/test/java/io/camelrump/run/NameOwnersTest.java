package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Pages;
import io.camelrump.keys.TargetNameIndex.Source;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys a1, a2 and so on would all be called a at the target. */
class NameOwnersTest {
    private final NameOwners owners =
            new NameOwners(key -> new Source(key.database(), Arrays.copyOf(key.key(), Math.min(1, key.key().length))));
    private final Run run = new Run("rump", 1);
    private final ChangeLog changes = new ChangeLog(() -> {});

    @Test
    void theFirstOfSeveralKeysOwnsACommonName() {
        NameOwners.Contest contest = settle(Pages.out(run, "a1", "b1", "a2"));

        assertThat(contest.owners()).containsOnlyKeys(2);
        assertThat(contest.owners().get(2).key()).asString().isEqualTo("a1");
    }

    @Test
    void deleteOfAKeyThatWasRefusedIsPassedOn() {
        settle(Pages.out(run, "a1", "a2"));

        assertThat(settle(gone("a2")).passedOn().cardinality()).isEqualTo(1);
        assertThat(settle(gone("a1")).passedOn().cardinality()).isZero();
    }

    @Test
    void refusedKeysAreMarkedWhenTheirNameIsFree() {
        settle(Pages.out(run, "a1", "a2", "a3", "b1", "b2"));
        settle(gone("a3"));
        settle(gone("a1"));

        assertThat(names(changes)).containsExactly("a2");
    }

    @Test
    void keysOfARunThatIsNotLiveAreNotMarked() {
        owners.settle(Pages.out(run, "a1", "a2"), 0, key -> true, ChangeLog.unfollowed());
        owners.settle(gone("a1"), 0, key -> true, ChangeLog.unfollowed());

        assertThat(owners.settle(Pages.out(run, "a2"), 0, key -> true, ChangeLog.unfollowed())
                        .owners())
                .isEmpty();
    }

    @Test
    void someOfVeryManyRefusedKeysAreMarked() {
        String[] keys = IntStream.range(0, 10_010).mapToObj(i -> "a" + i).toArray(String[]::new);
        settle(Pages.out(run, keys));
        settle(gone("a0"));

        assertThat(changes.status().waiting()).isEqualTo(10_000);
    }

    private NameOwners.Contest settle(PageData page) {
        return owners.settle(page, 0, key -> true, changes);
    }

    private static PageData gone(String key) {
        return PageData.of(key.getBytes(StandardCharsets.UTF_8), null, PageData.NO_EXPIRY);
    }

    private static String[] names(ChangeLog changes) {
        var taken = changes.take(10);
        return IntStream.range(0, taken.size())
                .mapToObj(i -> new String(taken.get(i), StandardCharsets.UTF_8))
                .toArray(String[]::new);
    }
}
