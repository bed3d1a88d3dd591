package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class RenameKeysTest {
    private final RenameKeys rename = new RenameKeys();

    @Test
    void leavesNamesAloneUntilItIsToldOtherwise() {
        assertThat(Pages.keys(renamed(Pages.of("a", "")))).containsExactly("a", "");
    }

    @Test
    void replacesAPrefix() {
        rename.setFromPrefix("user:");
        rename.setToPrefix("eu:");

        assertThat(Pages.keys(renamed(Pages.of("user:1", "order:1", "user:"))))
                .containsExactly("eu:1", "order:1", "eu:");
    }

    @Test
    void takesAPrefixAway() {
        rename.setFromPrefix("old:");

        assertThat(Pages.keys(renamed(Pages.of("old:1", "old:")))).containsExactly("1", "");
    }

    @Test
    void givesEveryKeyAPrefix() {
        rename.setToPrefix("eu:");

        assertThat(Pages.keys(renamed(Pages.of("a", "")))).containsExactly("eu:a", "eu:");
    }

    @Test
    void renamesByRegularExpression() {
        rename.setRegex("(\\w+):(\\d+)");
        rename.setReplacement("$2:$1");

        assertThat(Pages.keys(renamed(Pages.of("user:1", "user:1:x")))).containsExactly("1:user", "user:1:x");
    }

    @Test
    void namesAWrongProperty() {
        assertThatThrownBy(() -> rename.setRegex("[a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regex=[a: it must be a regular expression");
    }

    @Test
    void binaryKeysAreNoTextAndStayAsTheyAre() {
        byte[] binary = {(byte) 0xff, 0, (byte) 0xfe};
        rename.setRegex("(?s).*");
        rename.setReplacement("lost");

        Page renamed = renamed(Page.of(binary, new byte[] {0}, Page.NO_EXPIRY));

        assertThat(renamed.get(0).key()).isEqualTo(binary);
    }

    @Test
    void payloadsAndTheReaderStayTheSame() {
        Ledger ledger = new Ledger("rump", 1);
        rename.setToPrefix("eu:");
        Page page = Pages.out(ledger, "a", "b");

        Page renamed = renamed(page);

        assertThat(renamed.receipt()).isSameAs(page.receipt());
        assertThat(renamed.get(1).payload()).isEqualTo(page.get(1).payload());
        assertThat(Pages.keys(page)).containsExactly("a", "b");
    }

    @Test
    void renamesPagesOfABatch() {
        rename.setToPrefix("eu:");

        Batch renamed = (Batch) process(new Batch(List.of(Pages.of("a"), Pages.of("b"))));

        assertThat(Pages.keys(renamed)).containsExactly("eu:a", "eu:b");
    }

    @Test
    void ofTwoKeysThatWouldGetOneNameTheSecondIsRefused() {
        Ledger ledger = new Ledger("rump", 1);
        rename.setFromPrefix("user:");
        rename.setToPrefix("u:");

        assertThat(Pages.keys(renamed(Pages.out(ledger, "user:1", "order:1", "u:2"))))
                .containsExactly("u:1", "order:1", "u:2");
        assertThat(Pages.keys(renamed(Pages.out(ledger, "u:1", "user:2", "user:1", "order:1"))))
                .containsExactly("u:1", "order:1");
        assertThat(ledger.refusals())
                .extracting(Refusal::toString)
                .containsExactly(
                        "\"u:1\": it would be called \"u:1\" at the target, as the key \"user:1\" is",
                        "\"user:2\": it would be called \"u:2\" at the target, as the key \"u:2\" is");
        assertThat(ledger.counts().refused()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsGoneHasNoName() {
        Ledger ledger = new Ledger("rump", 1);
        rename.setRegex("(.*):.");
        rename.setReplacement("$1");
        Page gone = Page.of("a:1".getBytes(), null, Page.NO_EXPIRY);

        renamed(gone.out(Objects.requireNonNull(ledger.open(gone, ledger.start())), false));
        renamed(Pages.out(ledger, "a:2"));

        assertThat(ledger.refusals()).isEmpty();
    }

    @Test
    void anotherScanOrRunStartsWithEveryNameFree() {
        Ledger ledger = new Ledger("rump", 1);
        rename.setRegex("(.*):.");
        rename.setReplacement("$1");
        renamed(Pages.out(ledger, "a:1"));

        ledger.restart("the source was restarted");
        renamed(Pages.out(ledger, "a:2"));
        renamed(Pages.out(new Ledger("other", 1), "a:3"));

        assertThat(ledger.refusals()).isEmpty();
    }

    private Page renamed(Page page) {
        return (Page) process(page);
    }

    private Object process(Object body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(body);
        rename.process(exchange);
        return exchange.getMessage().getBody();
    }
}
