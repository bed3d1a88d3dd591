package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private RouteFile file() {
        return new RouteFile(folder, "migrate.camel.yaml");
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("migrate.camel.yaml"), text);
    }
}
