package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.UsageException;
import io.camelrump.cli.process.OtherUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFileTest {
    private static final String SHORT = "- route: {from: {uri: rump:source, steps: [{to: 'rump:target'}]}}\n";

    @TempDir
    Path folder;

    @Test
    void aFileWithoutAnyOptionTakesAllFlags() throws IOException {
        write(SHORT);

        assertThat(objection(
                        "rump.source.host", "old",
                        "rump.target.port", "1",
                        "camel.component.rump.match", "user:*",
                        "queue.pages", "9"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{uri: 'rump:source?scanCount=500', steps: [{to: 'rump:target'}]}",
                "{uri: 'rump://source', parameters: {scanCount: 500}, steps: [{to: {uri: 'rump:target'}}]}",
                "{uri: rump:source, parameters: {scanCount: '{{scan.count:500}}'}, steps: [{toD: {uri: 'rump:target'}}]}",
            })
    void aFlagThatAParameterWouldOverrideIsRefusedByName(String from) throws IOException {
        write("- route: {from: " + from + "}\n");

        assertThat(objection("rump.source.scan-count", "200", "rump.target.scan-count", "200"))
                .isEqualTo(
                        file() + ": <rump.source.scan-count> has no effect, as the file sets scanCount of rump:source"
                                + " itself. Change the file, or leave out what was given");
        assertThat(objection("camel.component.rump.scan-count", "200")).contains("sets scanCount of rump:source");
        assertThat(objection("rump.source.scan-count", "500", "rump.source.queue-pages", "3"))
                .isEqualTo(from.contains("{{") ? objection("rump.source.scan-count", "1") : null);
    }

    @Test
    void aParameterThatOnlyAPropertySetsOverridesNothing() throws IOException {
        write("- route: {from: {uri: rump:source, parameters: {match: '{{?mine}}'}, steps: [{to: 'rump:target'}]}}");

        assertThat(objection("camel.component.rump.match", "user:*")).isNull();
    }

    @Test
    void anAddressNeedsAnEndpointOfItsName() throws IOException {
        write("- route: {from: {uri: rump:old, steps: [{to: 'rump:target'}]}}");

        assertThat(objection("rump.source.host", "h"))
                .isEqualTo(file() + " has no endpoint rump:source, which --from is about: name one so");
    }

    @Test
    void aPropertyOfTheRoutesThatTheFileDoesNotNameIsRefused() throws IOException {
        write("# {{batch.keys}}\n" + SHORT);

        assertThat(objection("batch.keys", "5"))
                .contains("<batch.keys> has no effect, as the file has no {{batch.keys}}");
    }

    @Test
    void aValueThatNobodyHasGivenIsNotRefused() throws IOException {
        write("- route: {from: {uri: 'rump:source?retryFor=5m', steps: [{to: 'rump:target'}]}}");

        assertThat(run().objection(Map.of("camel.component.rump.retry-for", "10m"), property -> null))
                .isNull();
    }

    @Test
    void filesThatAreNamedAreLookedAtTogether() throws IOException {
        write("- route: {from: {uri: rump:source, steps: [{to: 'seda:queue?size={{batch.keys}}'}]}}");
        Path second = Files.writeString(
                folder.resolve("b.yaml"), "- route: {from: {uri: 'seda:queue', steps: [{to: 'rump:target'}]}}");
        RunRoutes both = RunRoutes.migrating(List.of(folder.resolve("migrate.camel.yaml"), second));

        assertThat(both.objection(Map.of("rump.target.host", "h", "batch.keys", "5"), property -> property))
                .isNull();
        assertThat(both.locations()).containsExactly("file:" + file(), "file:" + second);
        assertThat(RunRoutes.migrating(List.of(second)).objection(Map.of(), property -> property))
                .isEqualTo(second + " has no endpoint rump:source, which --from is about: name one so");
        Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(both.objection(OtherUsers.ofThisProcess())).contains(second + " can be written by every user");
    }

    @Test
    void aFileThatIsNoYamlIsRefused() throws IOException {
        write("- route: {from: [");

        assertThatThrownBy(() -> objection("rump.source.host", "h"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(file() + " is no YAML: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "migrate.camel.yaml"})
    void aFileOrFolderThatEveryUserCanWriteIsNotRun(String open) throws IOException {
        write("nothing");
        OtherUsers others = OtherUsers.ofThisProcess();
        assertThat(file().objection(others)).isNull();

        Files.setPosixFilePermissions(folder.resolve(open), PosixFilePermissions.fromString("rwxr-xrwx"));

        assertThat(file().objection(others))
                .startsWith(file() + " is not run, as it would be given the passwords, and ")
                .contains(folder.resolve(open) + " can be written by every user (rwxr-xrwx). Read it");
        assertThat(new RouteFile(folder, "compare.camel.yaml").objection(others))
                .as("there is none")
                .isNull();
    }

    @Test
    void aCopyWithoutAnyEditIsTheBuiltInFile() throws IOException {
        assertThat(file().location()).startsWith("classpath:");
        Files.copy(Path.of("routes/migrate.camel.yaml"), folder.resolve("migrate.camel.yaml"));
        Files.setPosixFilePermissions(
                folder.resolve("migrate.camel.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(file().objection(OtherUsers.ofThisProcess())).isNull();
        assertThat(file().location()).startsWith("classpath:");

        Files.writeString(folder.resolve("migrate.camel.yaml"), "# mine\n", StandardOpenOption.APPEND);
        assertThat(file().location()).isEqualTo("file:" + file());
        assertThat(file().objection(OtherUsers.ofThisProcess())).contains("can be written by every user");
    }

    private String objection(String... namesAndValues) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return run().objection(properties, property -> "<" + property + ">");
    }

    private RunRoutes run() {
        return new RunRoutes(List.of(file()), false);
    }

    private RouteFile file() {
        return new RouteFile(folder, "migrate.camel.yaml");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("migrate.camel.yaml"), text);
    }
}
