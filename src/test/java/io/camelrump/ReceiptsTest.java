package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Ledger ledger = new Ledger("rump", 1);
    private final Page page = Pages.out(ledger, "a", "b");
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void failedExchangeDeniesItsPagesWithTheCause() {
        endsWith(new IllegalStateException("not now"));

        assertThat(ledger.lastDenial()).isEqualTo("not now");
        assertThat(ledger.counts().reread()).isEqualTo(2);
    }

    @Test
    void failureWithoutWordsIsToldByItsType() {
        endsWith(new InterruptedException());

        assertThat(ledger.lastDenial()).isEqualTo("java.lang.InterruptedException");
    }

    @Test
    void attachingTwiceDeniesOnce() {
        Receipts.attach(exchange, List.of(page.receipt()));

        endsWith(new IllegalStateException("not now"));

        assertThat(ledger.counts().reread()).isEqualTo(2);
    }

    @Test
    void exchangeThatEndsWellProvesNothing() {
        endsWith(null);

        assertThat(ledger.pagesOut()).isEqualTo(1);
        assertThat(ledger.counts().settled()).isZero();
    }

    private void endsWith(Exception failure) {
        Receipts.attach(exchange, List.of(page.receipt()));
        exchange.setException(failure);
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
