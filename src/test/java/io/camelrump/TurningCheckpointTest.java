package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.TurningCheckpoint.Clients;
import io.camelrump.checkpoint.TurnedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurningCheckpointTest {
    private static final String FORWARD = "# rump checkpoint\nforward=1\n";
    private static final String BACK = "# rump checkpoint\nback=1\n";

    @TempDir
    Path folder;

    private Path file;
    private TurningCheckpoint checkpoint;
    private StateRepository<String, String> forward;
    private StateRepository<String, String> back;

    @BeforeEach
    void startBoth() {
        file = folder.resolve("run.checkpoint");
        checkpoint = new TurningCheckpoint(new CheckpointFile(file.toString()), Clients.AT_SOURCE);
        forward = checkpoint.forward();
        back = checkpoint.back();
        ServiceHelper.startService(forward, back);
    }

    private String kept() throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void theCheckpointIsThatOfTheDirectionThatHolds() throws IOException {
        forward.setState("rump", FORWARD);
        back.setState("rump", BACK);
        assertThat(kept()).isEqualTo(FORWARD);

        checkpoint.turn(Clients.MOVING);
        assertThat(TurnedText.isOfBoth(kept())).isTrue();
        assertThat(TurnedText.forward(kept())).isEqualTo(FORWARD);
        assertThat(TurnedText.back(kept())).isEqualTo(BACK);

        checkpoint.turn(Clients.AT_TARGET);
        assertThat(kept()).isEqualTo(BACK);
    }

    @Test
    void theEndOfTheMigrationLeavesTheCheckpointOfItsWayBack() throws IOException {
        forward.setState("rump", FORWARD);
        back.setState("rump", BACK);
        checkpoint.turn(Clients.MOVING);
        forward.setState("rump", "");
        checkpoint.turn(Clients.AT_TARGET);
        ServiceHelper.stopService(forward);

        assertThat(kept()).isEqualTo(BACK);
        back.setState("rump", BACK + "later=1\n");
        assertThat(kept()).isEqualTo(BACK + "later=1\n");
        back.setState("rump", "");
        assertThat(kept()).isEmpty();
    }

    @Test
    void aMoveThatDidNotTakePlaceLeavesTheMigrationAsItWas() throws IOException {
        forward.setState("rump", FORWARD);
        back.setState("rump", BACK);
        checkpoint.turn(Clients.MOVING);
        checkpoint.turn(Clients.AT_SOURCE);
        ServiceHelper.stopService(back);

        assertThat(kept()).isEqualTo(FORWARD);
    }
}
