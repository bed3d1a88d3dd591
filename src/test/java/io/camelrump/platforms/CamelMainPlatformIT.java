package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page of Camel Main, followed. */
class CamelMainPlatformIT {
    @RegisterExtension
    private static final PlatformServers SERVERS = new PlatformServers();

    private static PlatformPage page;
    private static PlatformFolder folder;

    @BeforeAll
    static void build(@TempDir Path parent) throws Exception {
        page = PlatformPage.of("camel-main", 0);
        folder = SERVERS.areIn(PlatformFolder.of("camel-main", parent, "src/main/resources/camel/migrate.camel.yaml"));
        ComponentOptions.addTo(folder);
        folder.build(page.command(0));
    }

    @Test
    void theUnchangedRouteCopiesEveryKeyAndTheApplicationEndsWith0() throws Exception {
        String printed = folder.succeed(page.command(1));

        page.assertShows(printed);
        assertThat(printed).contains(SERVERS.complete());
        SERVERS.assertEqual();
    }

    @Test
    void optionsOfTheComponentHoldForBothServers() throws Exception {
        try (PlatformProcess process = ComponentOptions.start(folder, page.command(1), SERVERS)) {
            assertThat(process.exitCode()).as(process::output).isZero();
        }

        ComponentOptions.assertTookEffect(SERVERS);
    }

    @Test
    void ctrlCEndsTheRunWithWhatWasReadAndSaysSo() throws Exception {
        try (PlatformProcess process =
                folder.start(page.command(1), Map.of("RUMP_TARGET_MAX_KEYS_PER_SECOND", "500"))) {
            process.awaitOutput("Started read-source");
            process.signal("INT");

            assertThat(process.exitCode()).isEqualTo(130);
            assertThat(process.output()).contains("Run rump ended INCOMPLETE", "stopped before the end");
        }
    }

    @Test
    void aDeadTargetAndAWrongPasswordEndTheApplicationWith1() throws Exception {
        try (PlatformProcess dead = folder.start(
                        page.command(1),
                        Map.of("RUMP_TARGET_PORT", "" + RedisServer.freePort(), "RUMP_TARGET_RETRY_FOR", "1s"));
                PlatformProcess locked =
                        folder.start(page.command(1), Map.of("RUMP_TARGET_PASSWORD", "n0t-the-password"))) {
            assertThat(dead.exitCode()).isEqualTo(1);
            assertThat(dead.output()).contains("Connection refused by 127.0.0.1:");
            assertThat(locked.exitCode()).isEqualTo(1);
            assertThat(locked.output()).contains("password").doesNotContain("n0t-the-password");
        }
    }
}
