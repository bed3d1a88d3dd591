package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class RenameKeysTest {
    private final RenameKeys rename = new RenameKeys();

    @Test
    void namesAreLeftAloneWithoutARule() {
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

        PageData renamed = renamed(PageData.of(binary, new byte[] {0}, PageData.NO_EXPIRY));

        assertThat(renamed.key(0)).isEqualTo(binary);
    }

    @Test
    void payloadsAndTheReaderStayTheSame() {
        Run run = new Run("rump", 1);
        rename.setToPrefix("eu:");
        PageData page = Pages.out(run, "a", "b");

        PageData renamed = renamed(page);

        assertThat(renamed.receipt()).isSameAs(page.receipt());
        assertThat(renamed.payload(1)).isEqualTo(page.payload(1));
        assertThat(Pages.keys(page)).containsExactly("a", "b");
    }

    @Test
    void renamesPagesOfABatch() {
        rename.setToPrefix("eu:");

        Batch renamed = (Batch) process(Pages.batch(Pages.of("a"), Pages.of("b")));

        assertThat(Pages.keys(renamed)).containsExactly("eu:a", "eu:b");
    }

    @Test
    void theSecondOfTwoCollidingKeysIsRefused() {
        Run run = new Run("rump", 1);
        rename.setFromPrefix("user:");
        rename.setToPrefix("u:");

        assertThat(Pages.keys(renamed(Pages.out(run, "user:1", "order:1", "u:2"))))
                .containsExactly("u:1", "order:1", "u:2");
        assertThat(Pages.keys(renamed(Pages.out(run, "u:1", "user:2", "user:1", "order:1"))))
                .containsExactly("u:1", "order:1");
        assertThat(run.report().refusals())
                .extracting(Refusal::toString)
                .containsExactly(
                        "\"u:1\": it would be called \"u:1\" at the target, as the key \"user:1\" is",
                        "\"user:2\": it would be called \"u:2\" at the target, as the key \"u:2\" is");
        assertThat(run.report().counts().refused()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsGoneHasNoName() {
        Run run = new Run("rump", 1);
        rename.setRegex("(.*):.");
        rename.setReplacement("$1");
        PageData gone = PageData.of("a:1".getBytes(), null, PageData.NO_EXPIRY);

        renamed(gone.out(Objects.requireNonNull(run.pages().open(gone, run.epoch())), false));
        renamed(Pages.out(run, "a:2"));

        assertThat(run.report().refusals()).isEmpty();
    }

    /** A look at the target's names finds the new one, and no key called so at the source. */
    @Test
    void aNameThatIsTakenForADeletedKeyIsKeptAndItsKeyReadAgain() {
        Run run = new Run("rump", 1);
        ChangeLog changes = run.follow();
        rename.setFromPrefix("user:");
        rename.setToPrefix("u:");
        PageData gone = PageData.of("u:1".getBytes(), null, PageData.NO_EXPIRY);

        renamed(Pages.out(run, "user:1"));
        PageData after = renamed(gone.out(Objects.requireNonNull(run.pages().open(gone, run.epoch())), false));

        assertThat(after.isPassedOn(0)).isTrue();
        assertThat(changes.take(10).get(0)).asString().isEqualTo("user:1");
    }

    @Test
    void anotherScanOrRunStartsWithEveryNameFree() {
        Run run = new Run("rump", 1);
        rename.setRegex("(.*):.");
        rename.setReplacement("$1");
        renamed(Pages.out(run, "a:1"));

        run.restart("the source was restarted");
        renamed(Pages.out(run, "a:2"));
        renamed(Pages.out(new Run("other", 1), "a:3"));

        assertThat(run.report().refusals()).isEmpty();
    }

    private PageData renamed(PageData page) {
        return ((Page) process(page)).data();
    }

    private Object process(Object body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(Pages.body(body));
        rename.process(exchange);
        return exchange.getMessage().getBody();
    }
}
