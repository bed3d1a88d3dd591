package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.junit.jupiter.api.Test;

class JoinPagesTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final JoinPages join = new JoinPages();

    @Test
    void joinsPagesInOrderUntilThereAreEnoughKeys() {
        join.setBatchKeys(4);

        Exchange joined = join.aggregate(null, exchange(Pages.of("a", "b")));
        assertThat(join.matches(joined)).isFalse();

        joined = join.aggregate(joined, exchange(Pages.of("c", "d", "e")));
        assertThat(join.matches(joined)).isTrue();
        assertThat(Pages.keys(joined.getMessage().getBody(Batch.class))).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void batchIsCompleteWithEnoughBytes() {
        join.setBatchBytes("12");

        assertThat(join.matches(join.aggregate(null, exchange(Pages.of("a"))))).isFalse();
        assertThat(join.matches(join.aggregate(null, exchange(Pages.of("a", "b")))))
                .isTrue();
    }

    @Test
    void batchIsCompleteWhenTheReaderWaits() {
        Run run = new Run("rump", 1);
        PageData page = Pages.of("a");
        PageData closing = page.out(Objects.requireNonNull(run.pages().open(page, run.epoch())), true);

        assertThat(join.matches(join.aggregate(null, exchange(closing)))).isTrue();
    }

    @Test
    void aWrongPropertyIsNamed() {
        assertThatThrownBy(() -> join.setBatchBytes("lots"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("batchBytes=lots", "256kb");
        assertThatThrownBy(() -> join.setBatchKeys(0)).hasMessageContaining("batchKeys=0");
    }

    /** As while {@code camel export} looks at a route. */
    @Test
    void aPlaceholderThatHasNoValueYetLeavesTheSizeAsItIs() {
        join.setBatchBytes("1mb");
        join.setBatchBytes(PropertyConfigurerSupport.MAGIC_VALUE);

        assertThat(join.getBatchBytes()).isEqualTo("1000000");
    }

    @Test
    void carriesEveryReceiptOnce() {
        Run run = new Run("rump", 1);
        PageData first = Pages.out(run, "a");
        PageData second = Pages.out(run, "b");

        Exchange joined = join.aggregate(null, exchange(first));
        joined = join.aggregate(joined, exchange(second));
        joined = join.aggregate(joined, exchange(second));

        assertThat(Receipts.of(joined)).containsExactly(first.receipt(), second.receipt());
    }

    @Test
    void theEndOfTheScanPassesThroughAnOpenBatch() {
        Exchange end = exchange(PageData.end(0, null));
        Counts counts = new Counts(1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0);
        end.getMessage().setHeader(RumpConstants.COMPLETE, true);
        end.getMessage().setHeader(RumpConstants.COUNTS, counts);

        Exchange joined = join.aggregate(join.aggregate(null, exchange(Pages.of("a"))), end);

        assertThat(join.matches(joined)).isTrue();
        assertThat(joined.getMessage().getHeader(RumpConstants.COMPLETE)).isEqualTo(true);
        assertThat(joined.getMessage().getHeader(RumpConstants.COUNTS)).isEqualTo(counts);
    }

    @Test
    void batchesAreJoinedLikePages() {
        Exchange joined = join.aggregate(null, exchange(Pages.batch(Pages.of("a"), Pages.of("b"))));

        assertThat(Pages.keys(joined.getMessage().getBody(Batch.class))).containsExactly("a", "b");
    }

    @Test
    void refusesABodyThatIsNoPage() {
        assertThatThrownBy(() -> join.aggregate(null, exchange("text")))
                .hasMessageContaining("java.lang.String; put it behind a rump: consumer");
        assertThatThrownBy(() -> join.setBatchKeys(0)).hasMessageContaining("batchKeys=0");
    }

    private Exchange exchange(Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(Pages.body(body));
        if (body instanceof PageData page && page.receipt() != null) {
            Receipts.attach(exchange, List.of(page.receipt()));
        }
        return exchange;
    }
}
