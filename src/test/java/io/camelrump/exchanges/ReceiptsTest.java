package io.camelrump.exchanges;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Pages;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Run run = new Run("rump", 1);
    private final PageData page = Pages.out(run, "a", "b");
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void failedExchangeDeniesItsPagesWithTheCause() {
        endsWith(new IllegalStateException("not now"));

        assertThat(run.pages().lastDenial()).isEqualTo("not now");
        assertThat(run.report().counts().reread()).isEqualTo(2);
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsType() {
        endsWith(new InterruptedException());

        assertThat(run.pages().lastDenial()).isEqualTo("java.lang.InterruptedException");
    }

    @Test
    void attachingTwiceDeniesOnce() {
        Receipts.attach(exchange, List.of(page.receipt()));

        endsWith(new IllegalStateException("not now"));

        assertThat(run.report().counts().reread()).isEqualTo(2);
    }

    @Test
    void exchangeThatEndsWellProvesNothing() {
        endsWith(null);

        assertThat(run.pages().size()).isEqualTo(1);
        assertThat(run.report().counts().settled()).isZero();
    }

    private void endsWith(Exception failure) {
        Receipts.attach(exchange, List.of(page.receipt()));
        exchange.setException(failure);
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
