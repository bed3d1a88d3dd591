package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.StopSignals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a document says of the flags of its run. */
class RunFactsTest {
    private static String flags(String... words) {
        CommandLine command = Rump.commandLine(words, Map.of(), StopSignals.none());
        command.parseArgs(words);
        Map<String, Object> document = new HashMap<>(Map.of(RunFacts.FLAGS, List.of()));
        return RunFacts.of(command.getCommandSpec())
                .in(document)
                .get(RunFacts.FLAGS)
                .toString();
    }

    @Test
    void flagsStandThereAsTheyWereGiven() {
        assertThat(flags("--live", "--match=a*", "--rename=a:*=b:*", "--rename=c:*=d:*", "--from-password-file=/run/p"))
                .isEqualTo("[{name=--from-password-file, value=/run/p}, {name=--rename, value=a:*=b:*}, {name=--rename,"
                        + " value=c:*=d:*}, {name=--match, value=a*}, {name=--live, value=true}]");
    }

    @Test
    void neitherAddressesNorTheCommandOfTheCutoverAreShown() {
        assertThat(flags("--from=redis://user:s3cret@a", "--to=redis://:s3cret@b", "--on-cutover=switch s3cret"))
                .isEqualTo("[{name=--on-cutover, value=(not shown)}]");
    }
}
