package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReadOrderTest {
    private final Ledger ledger = new Ledger("rump", 1);
    private final ReadOrder order = new ReadOrder();

    @Test
    void keyWrittenFromANewerPageSupersedesTheOlderReading() {
        Page older = Pages.out(ledger, "a", "b");
        Page newer = Pages.out(ledger, "b", "c");

        write(newer);

        assertThat(order.superseded(older)).containsExactly(false, true);
    }

    @Test
    void keyWrittenFromAnOlderPageSupersedesNothing() {
        Page older = Pages.out(ledger, "a");
        Page newer = Pages.out(ledger, "a");

        write(older);

        assertThat(order.superseded(newer)).isNull();
    }

    @Test
    void nothingIsKeptOnceTheOlderPageIsSettled() {
        Page older = Pages.out(ledger, "a");
        Page newer = Pages.out(ledger, "b");
        write(newer);
        ReceiptTest.answer(older, "target", Outcome.RESTORED);

        Page next = Pages.out(ledger, "b");

        assertThat(order.superseded(next)).isNull();
        assertThat(order.superseded(older)).isNull();
    }

    @Test
    void readingsOfAnEarlierStartSupersedeNothing() {
        Pages.out(ledger, "a");
        write(Pages.out(ledger, "b"));
        ledger.restart("the source is another one");

        assertThat(order.superseded(Pages.out(ledger, "b"))).isNull();
    }

    private void write(Page page) {
        Outcome[] outcomes = new Outcome[page.size()];
        Arrays.fill(outcomes, Outcome.RESTORED);
        order.written(new Slice(page, 0, page.size(), outcomes, null));
        ReceiptTest.answer(page, "target", outcomes);
    }
}
