package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The document of {@code --json}: at every end, and of its schema. */
class JsonDocumentIT {
    private static final String NOWHERE = "redis://127.0.0.1:1";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @Test
    void everyEndWritesADocumentOfTheSchema() throws Exception {
        Path json = folder.resolve("json");
        PAIR.atSource().set("a", "b");
        String flag = "--json=" + json;
        List<String> servers = List.of("-from", PAIR.from(), "-to", PAIR.to());

        assertEnd(json, "COMPLETE", 0, words(servers, flag));
        assertEnd(json, "COMPLETE", 0, words(servers, flag, "--verify"));
        assertEnd(json, "CONVERGED", 0, words(servers, flag, "--live", "--until-lag=1s"));
        assertEnd(json, "EQUAL", 0, words(List.of("compare"), servers, flag));
        assertEnd(json, "READY", 0, words(List.of("check"), servers, flag));
        List<String> nowhere = List.of("-from", NOWHERE, "-to", NOWHERE, "--retry-for=0s");
        assertEnd(json, "FAILED", 1, words(nowhere, flag));
        assertEnd(json, "FAILED", 1, words(List.of("compare"), nowhere, flag));
        assertEnd(json, "FAILED", 1, words(List.of("check"), nowhere, flag));
        for (List<String> command : List.of(List.<String>of(), List.of("compare"), List.of("check"))) {
            assertEnd(json, "FAILED", 2, words(command, servers, flag, "--no-such-flag"));
            assertEnd(json, "FAILED", 2, words(command, List.of("-to", NOWHERE), flag));
            assertEnd(json, "FAILED", 2, words(command, servers, flag, "--scan-count=none"));
        }
        assertEnd(json, "FAILED", 2, words(servers, flag, "--keys-from=" + folder + "/none"));
        assertEnd(json, "FAILED", 2, words(servers, flag, "--failed-keys=" + folder));
        assertThat(files()).containsExactly(json);
    }

    /** The launcher hands an address on by a variable, and says how often it met one. */
    @Test
    void anAddressThatIsGivenTwiceWritesADocumentToo() throws Exception {
        Path json = folder.resolve("json");
        Map<String, String> twice = Map.of("RUMP_FROM", NOWHERE, "RUMP_TO", NOWHERE, "RUMP_TYPED", " from to from");
        for (List<String> command : List.of(List.<String>of(), List.of("compare"), List.of("check"))) {
            CommandRun run = CommandRun.with(twice, words(command, List.of("--json=" + json)));

            assertThat(run.err()).startsWith("rump: --from is given twice");
            assertEnd(json, "FAILED", 2, run);
            Files.delete(json);
        }
    }

    @Test
    void wordsThatAreNotDecodedWriteADocumentToo() throws Exception {
        Path json = folder.resolve("json");
        for (String command : List.of("check", "compare", "--silent")) {
            Rump.refuse(new String[] {command, "-json", "" + json, "--match=gr\uFFFDe"}, "not UTF-8");

            JsonNode document = SummarySchema.valid(Files.readString(json));
            assertThat(document.path("command").asText()).isEqualTo(command.startsWith("--") ? "migrate" : command);
            assertThat(document.path("error").asText()).isEqualTo("not UTF-8");
            Files.delete(json);
        }
        Rump.refuse(new String[] {"--json", folder + "/gr\uFFFDe"}, "not UTF-8");
        assertThat(files()).isEmpty();
    }

    private static void assertEnd(Path json, String result, int exitCode, String[] words) throws IOException {
        Files.deleteIfExists(json);
        assertEnd(json, result, exitCode, CommandRun.of(words));
    }

    private static void assertEnd(Path json, String result, int exitCode, CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        JsonNode document = SummarySchema.valid(Files.readString(json));
        assertThat(document.path("result").asText()).isEqualTo(result);
        assertThat(document.path("exitCode").asInt()).isEqualTo(exitCode);
        assertThat(document.path("error").isNull()).isEqualTo(exitCode == 0);
    }

    @Test
    void aKilledRunLeavesNoOlderDocument() throws Exception {
        Path json = Files.writeString(folder.resolve("json"), "{\"result\":\"COMPLETE\"}");
        SampleData.fillStrings(PAIR.atSource(), 20_000, 10);
        String[] flags = {"--json", "" + json, "--max-keys-per-second=1000", "--scan-count=100"};
        try (RumpProcess process = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), flags)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() > 0);
            process.signal("KILL");
            process.exitCode(30);
        }
        JsonNode document = SummarySchema.valid(Files.readString(json));
        assertThat(document.path("result").asText()).isEqualTo("INCOMPLETE");
        assertThat(document.path("exitCode").isNull()).isTrue();
    }

    private static String[] words(List<String> first, String... more) {
        return words(first, List.of(), more);
    }

    private static String[] words(List<String> first, List<String> second, String... more) {
        List<String> words = new ArrayList<>(first);
        words.addAll(second);
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
