package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.cli.flags.Passwords;
import io.camelrump.cli.process.Arguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

    @ParameterizedTest
    @CsvSource({
        "--match=gr\uFFFD\uFFFDe:*, UTF-8, the value of --match is not UTF-8",
        "--match gr\uFFFDe:*, utf-8, the value of --match is not UTF-8",
        "gr\uFFFDe, UTF-8, argument 1 is not UTF-8",
        "--match=gr\uFFFD\uFFFDe:*, ANSI_X3.4-1968, 'the value of --match is not ASCII, and Java reads it as"
                + " ANSI_X3.4-1968'",
        "--rename a=größe, ISO-8859-1, 'the value of --rename is not ASCII, and Java reads it as ISO-8859-1'",
    })
    void argumentsThatCannotBeDecodedAreNamedWithoutTheirValue(String arguments, String charset, String message) {
        assertThat(Arguments.undecoded(arguments.split(" "), Map.of(), charset))
                .startsWith(message)
                .doesNotContain("gr");
    }

    @Test
    void variablesOfTheCommandAreLookedAtToo() {
        Map<String, String> environment = Map.of("OTHER", "\uFFFD", "RUMP_TO_PASSWORD", "geh\uFFFDim");

        assertThat(Arguments.undecoded(new String[0], environment, "UTF-8"))
                .startsWith("the variable RUMP_TO_PASSWORD is not UTF-8")
                .doesNotContain("geh");
    }

    @Test
    void utf8AndAsciiArgumentsAreTaken() {
        assertThat(Arguments.undecoded(new String[] {"größe"}, Map.of("RUMP_FROM", "größe"), "UTF-8"))
                .isNull();
        assertThat(Arguments.undecoded(new String[] {"user"}, Map.of("RUMP_FROM", "user"), "ISO-8859-1"))
                .isNull();
    }

    @Test
    void aPasswordFileThatIsNoTextIsSaidToBeNone(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("password"), new byte[] {'g', (byte) 0xf6});

        assertThatThrownBy(() -> Passwords.read(file)).hasMessage("password file " + file + " is not UTF-8");
    }
}
