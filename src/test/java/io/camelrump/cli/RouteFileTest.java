package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFileTest {
    private static final Set<String> GIVEN =
            Set.of("source.host", "source.tls", "restore.ttl", "batch.keys", "queue.pages");

    @TempDir
    Path folder;

    @Test
    void aFileThatNamesAPropertyInAnyFormPassesItOn() throws IOException {
        write("from: {{?source.host}} {{source.tls}} {{restore.ttl:true}} {{!batch.keys}} {{queue.pages:16}}");

        assertThat(file().lost(GIVEN)).isEmpty();
    }

    @Test
    void missingPropertiesAreShownWithTheirLineOfTheBuiltInFile() throws IOException {
        write("host: \"{{?source.host}}\"\n# tls: \"{{?source.tls}}\"\nkeys: {{restore.ttl-of-another}}\n");

        assertThat(file().lost(GIVEN))
                .containsOnly(
                        entry("source.tls", "tls: \"{{?source.tls}}\""),
                        entry("restore.ttl", "ttl: \"{{?restore.ttl}}\""),
                        entry("queue.pages", "queuePages: \"{{?queue.pages}}\""),
                        entry("batch.keys", "batchKeys: \"{{batch.keys:1000}}\""));
    }

    @Test
    void propertiesUnknownToTheBuiltInFileAreLostNowhere() throws IOException {
        write("nothing");

        assertThat(file().lost(Set.of("compare.repair"))).isEmpty();
        assertThat(new RouteFile(folder, "compare.camel.yaml").lost(GIVEN)).isEmpty();
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

    private RouteFile file() {
        return new RouteFile(folder, "migrate.camel.yaml");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("migrate.camel.yaml"), text);
    }
}
