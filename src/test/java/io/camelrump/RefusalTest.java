package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RefusalTest {

    @Test
    void quotesKeysAsTheCommandLineClientDoes() {
        byte[] key = {'a', ' ', '"', '\\', '\n', '\r', '\t', 0, 127, -1, '~'};

        assertThat(new Refusal(key, "why").quotedKey()).isEqualTo("\"a \\\"\\\\\\n\\r\\t\\x00\\x7f\\xff~\"");
        assertThat(new Refusal(new byte[0], "why").quotedKey()).isEqualTo("\"\"");
        assertThat(new Refusal("k".getBytes(StandardCharsets.UTF_8), "ERR Bad data format"))
                .hasToString("\"k\": ERR Bad data format");
    }

    @Property
    void aQuotedKeyIsOneLineOfPlainText(@ForAll byte[] key) {
        assertThat(Refusal.quote(key)).matches("\"[ -~]*\"");
    }
}
