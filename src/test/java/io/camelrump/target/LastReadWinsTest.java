package io.camelrump.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Outcome;
import io.camelrump.Pages;
import io.camelrump.run.PageData;
import io.camelrump.run.ReceiptTest;
import io.camelrump.run.Run;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LastReadWinsTest {
    private final Run run = new Run("rump", 1);
    private final LastReadWins order = new LastReadWins();

    @Test
    void keyWrittenFromANewerPageSupersedesTheOlderReading() {
        PageData older = Pages.out(run, "a", "b");
        PageData newer = Pages.out(run, "b", "c");

        write(newer);

        assertThat(order.superseded(older)).containsExactly(false, true);
    }

    @Test
    void keyWrittenFromAnOlderPageSupersedesNothing() {
        PageData older = Pages.out(run, "a");
        PageData newer = Pages.out(run, "a");

        write(older);

        assertThat(order.superseded(newer)).isNull();
    }

    @Test
    void nothingIsKeptOnceTheOlderPageIsSettled() {
        PageData older = Pages.out(run, "a");
        PageData newer = Pages.out(run, "b");
        write(newer);
        ReceiptTest.answer(older, "target", Outcome.RESTORED);

        PageData next = Pages.out(run, "b");

        assertThat(order.superseded(next)).isNull();
        assertThat(order.superseded(older)).isNull();
    }

    @Test
    void readingsOfAnEarlierStartSupersedeNothing() {
        Pages.out(run, "a");
        write(Pages.out(run, "b"));
        run.restart("the source is another one");

        assertThat(order.superseded(Pages.out(run, "b"))).isNull();
    }

    private void write(PageData page) {
        Outcome[] outcomes = new Outcome[page.size()];
        Arrays.fill(outcomes, Outcome.RESTORED);
        order.written(new PageSlice(page, 0, page.size(), outcomes, null));
        ReceiptTest.answer(page, "target", outcomes);
    }
}
