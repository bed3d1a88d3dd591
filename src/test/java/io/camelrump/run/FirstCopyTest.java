package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstCopyTest {
    private final Run run = new Run("test", 1);
    private final FirstCopy copy = new FirstCopy();

    private boolean isCompleteWhen(boolean scanEnded, boolean allRead) {
        copy.look(run.epoch(), scanEnded, allRead, run.pages());
        return copy.isComplete();
    }

    private PageData sent(String key) {
        PageData page = PageData.of(key.getBytes(), new byte[] {0}, PageData.NO_EXPIRY);
        return page.out(run.pages().open(page, run.epoch()), false);
    }

    private static void answer(PageData page) {
        page.receipt().settlement().answer("target", page, new Outcome[] {Outcome.RESTORED}, Map.of());
    }

    @Test
    void keysThatTheScanFoundAndNobodyHasReadArePartOfIt() {
        assertThat(isCompleteWhen(false, false)).isFalse();
        assertThat(isCompleteWhen(true, false)).isFalse();
        PageData page = sent("of the scan");

        assertThat(isCompleteWhen(true, true)).isFalse();
        answer(page);

        assertThat(isCompleteWhen(true, true)).isTrue();
    }

    @Test
    void changesAfterItAreNoPartOfItAndAnotherScanIs() {
        PageData page = sent("of the scan");
        assertThat(isCompleteWhen(true, true)).isFalse();
        sent("changed");
        answer(page);
        assertThat(isCompleteWhen(true, false)).isTrue();
        assertThat(isCompleteWhen(true, false)).isTrue();

        run.restart("another server");

        assertThat(isCompleteWhen(false, false)).isFalse();
    }
}
