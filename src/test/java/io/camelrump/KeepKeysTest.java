package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.run.Run;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class KeepKeysTest {
    private final KeepKeys keep = new KeepKeys();

    @Test
    void everyKeyIsKeptWithoutAFilter() {
        assertThat(kept(Pages.of("a", "", "b"))).containsExactly("a", "", "b");
    }

    @Test
    void keepsByGlob() {
        keep.setInclude("user:*");
        keep.setExclude("*:s[ae]ssion");

        assertThat(kept(Pages.of("user:1", "user:1:session", "order:1"))).containsExactly("user:1");
    }

    @Test
    void keepsByRegularExpressionOfTheWholeKey() {
        keep.setRegex("user:\\d+");

        assertThat(kept(Pages.of("user:1", "user:x", "my-user:1"))).containsExactly("user:1");
    }

    @Test
    void keepsByTypeAndSize() {
        keep.setTypes("string, hash");
        keep.setMinSize("2");
        keep.setMaxSize("3");
        byte[][] payloads = {{0, 1}, {4, 1, 1}, {1, 1, 1}, {0}, {0, 1, 2, 3}};

        assertThat(kept(Pages.of(payloads, "string", "hash", "list", "small", "large")))
                .containsExactly("string", "hash");
    }

    @Test
    void keepsPagesOfABatch() {
        keep.setInclude("b");

        assertThat(kept(Pages.batch(Pages.of("a", "b"), Pages.of("c")))).containsExactly("b");
    }

    @Test
    void keysTakenOutAreReportedToTheReader() {
        Run run = new Run("rump", 1);
        keep.setInclude("a");

        assertThat(kept(Pages.out(run, "a", "b", "c"))).containsExactly("a");

        assertThat(run.report().counts().filtered()).isEqualTo(2);
        assertThat(run.pages().size()).isEqualTo(1);
    }

    @Test
    void refusesATypeThatThereIsNot() {
        assertThatThrownBy(() -> keep.setTypes("string,strnig"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'strnig' is none of string, list");
    }

    @Test
    void namesAWrongProperty() {
        assertThatThrownBy(() -> keep.setMinSize("0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("minSize=0", "256kb");
        assertThatThrownBy(() -> keep.setMaxSize("few"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("maxSize=few", "256kb");
        assertThatThrownBy(() -> keep.setInclude("")).hasMessageStartingWith("include=: it must be at least one");
        assertThatThrownBy(() -> keep.setExclude("")).hasMessageStartingWith("exclude=: it must be at least one");
        assertThatThrownBy(() -> keep.setRegex("")).hasMessageStartingWith("regex=: it must be at least one");
        assertThatThrownBy(() -> keep.setRegex("user:("))
                .hasMessage("regex=user:(: it must be a regular expression (Unclosed group)");
    }

    @Test
    void refusesABodyThatIsNoPage() {
        assertThatThrownBy(() -> process("text")).hasMessageContaining("a page or a batch");
    }

    private List<String> kept(Object body) {
        Object left = process(body);
        return left instanceof Page page ? Pages.keys(page) : Pages.keys((Batch) left);
    }

    private Object process(Object body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(Pages.body(body));
        keep.process(exchange);
        return exchange.getMessage().getBody();
    }
}
