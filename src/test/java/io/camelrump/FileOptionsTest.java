package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints that are about a file. */
class FileOptionsTest {
    @TempDir
    Path folder;

    private String refusal(String options) {
        Throwable refused = catchThrowable(() -> {
            try (CamelContext context = new DefaultCamelContext()) {
                context.start();
                context.getEndpoint("rump:target?" + options).createProducer().start();
            }
        });
        return Stream.iterate(refused, cause -> cause != null, Throwable::getCause)
                .map(Throwable::getMessage)
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "host=h, host=h",
        "username=u, username=u",
        "passwordFile=p, passwordFile=p",
        "mode=cluster, mode=cluster",
        "tls=true, tls=true",
        "waitReplicas=1, waitReplicas=1",
        "database=3, database=3",
        "onConflict=keep, onConflict=keep",
        "ttl=false, ttl=false",
        "prune=true, prune=true",
        "dropIdmp=true, dropIdmp=true",
    })
    void anOptionThatOnlyAServerHasIsRefusedByName(String option, String named) {
        assertThat(refusal("file=" + folder.resolve("f") + "&" + option))
                .contains(named + ": it must be left out with a file: ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void noPasswordIsShownOfAFileThatNeedsNone() {
        assertThat(refusal("file=" + folder.resolve("f") + "&password=RAW(secret)"))
                .contains("password=***: it must be left out with a file")
                .doesNotContain("secret");
    }

    @Test
    void overwriteNeedsAFile() {
        assertThat(refusal("host=h&overwrite=true")).contains("overwrite=true: it must be given with a file");
    }

    @Test
    void aPathThatNamesNothingIsRefused() {
        assertThat(refusal("file=resp:")).contains("file=resp: names no file");
    }

    @Test
    void aProducerThatGotNothingLeavesNothing() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.start();
            Producer producer = context.getEndpoint("rump:target?file=" + folder.resolve("f"))
                    .createProducer();
            producer.start();
            assertThat(folder.resolve("f.partial")).exists();
            producer.stop();
        }

        assertThat(folder).isEmptyDirectory();
    }
}
