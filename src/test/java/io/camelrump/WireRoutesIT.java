package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.YamlDsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways in which a YAML route names the data format. */
class WireRoutesIT {
    private static final int KEYS = 1_000;

    private static final String READ = """
            - route:
                id: read-source
                from:
                  uri: rump:source
                  parameters: { host: 127.0.0.1, port: "{{source.port}}", scanCount: 100 }
                  steps:
                    - marshal: { custom: rump }
                    - to:
                        uri: file:{{folder}}
                        parameters: { fileName: pages.rump, fileExist: Append }
                    - bean: { beanType: io.camelrump.Acknowledge }
            """;

    private static final String WRITE = """
            - beans:
                - name: lazy
                  type: io.camelrump.dataformat.RumpDataFormat
                  properties: { lazyLoad: true }
            - route:
                id: write-target
                from:
                  uri: file:{{folder}}
                  parameters: { fileName: pages.rump }
                  steps:
                    - UNMARSHAL
                    - split:
                        expression: { simple: { expression: "${body}" } }
                        streaming: true
                        steps:
                          - to:
                              uri: rump:target
                              parameters: { host: 127.0.0.1, port: "{{target.port}}" }
            """;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unmarshal: { custom: rump }",
                "unmarshal: { custom: { ref: rump } }",
                "unmarshal: { custom: { ref: lazy } }",
                "to: { uri: 'dataformat:rump:unmarshal', parameters: { lazyLoad: true } }"
            })
    void aFileCarriesPagesFromOneRouteToAnother(String step) throws Exception {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        Path read = folder.resolve("read.camel.yaml");
        Files.writeString(read, READ);
        Path write = folder.resolve("write.camel.yaml");
        Files.writeString(write, WRITE.replace("UNMARSHAL", step));
        for (Path file : new Path[] {read, write}) {
            assertThat(YamlDsl.errors(new YAMLMapper().readTree(file.toFile()))).isEmpty();
        }

        try (RouteRun run = RouteRun.of(read, properties())) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        try (RouteRun run = RouteRun.of(write, properties())) {
            await().until(() -> PAIR.atTarget().dbSize() == PAIR.atSource().dbSize());
        }

        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(KEYS / 2);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("folder", folder.toString());
        properties.setProperty("source.port", String.valueOf(PAIR.source().port()));
        properties.setProperty("target.port", String.valueOf(PAIR.target().port()));
        return properties;
    }
}
