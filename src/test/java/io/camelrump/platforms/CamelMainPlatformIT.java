package io.camelrump.platforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
        folder.build(page.command(0));
    }

    @Test
    void theUnchangedRouteCopiesEveryKeyAndTheApplicationEndsWith0() throws Exception {
        String printed = folder.succeed(page.command(1));

        page.assertShows(printed);
        assertThat(printed).contains(SERVERS.complete());
        SERVERS.assertEqual();
    }
}
