package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.EventSchema;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.StatusSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command that switches the clients at the barrier of a migration leads them back by its way back, too. */
class WayBackHookIT extends WayBackFixture {
    /** A command that notes to where it leads the clients, and fails while there is a file of this name. */
    private Path hook() throws IOException {
        Path script = Files.writeString(
                folder.resolve("switch.sh"),
                "#!/bin/sh\ncat > " + folder + "/event-$RUMP_DIRECTION\n"
                        + "echo \"$RUMP_DIRECTION from $RUMP_SOURCE to $RUMP_TARGET\" >> " + folder + "/switched\n"
                        + "[ ! -e " + folder + "/broken ] || { echo no such zone >&2; exit 3; }\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private List<String> switched() throws IOException {
        return Files.readAllLines(folder.resolve("switched"));
    }

    private JsonNode event(String direction) throws IOException {
        return EventSchema.valid(Files.readString(folder.resolve("event-" + direction)));
    }

    private String phase() {
        return StatusSchema.valid(trip.ask("status", "--json").out())
                .path("phase")
                .asText();
    }

    private static String place(RedisServer server) {
        return RedisServer.HOST + ":" + server.port();
    }

    @Test
    void theCommandLearnsFromWhereToWhereTheClientsAreLed() throws Exception {
        leadThere("--on-cutover=" + hook());
        assertThat(switched()).containsExactly("forward from " + place(former) + " to " + place(fresh));
        assertThat(event("forward").path("direction").asText()).isEqualTo("forward");
        atFresh.set("late", "value");

        trip.askUntilDone("go-back");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(switched()).hasSize(2).last().isEqualTo("back from " + place(fresh) + " to " + place(former));
        JsonNode back = event("back");
        assertThat(back.path("direction").asText()).isEqualTo("back");
        assertThat(back.path("phase").asText()).isEqualTo("going-back");
        assertThat(back.path("text").asText()).contains("clients can be switched to the former source now");
        assertThat(trip.run().err())
                .contains("At the barrier: the clients are being switched to the target.")
                .contains("At the barrier: the clients are being switched to the former source.")
                .contains("Writes at the new server stay paused")
                .contains("switch the clients to the former source now");
        trip.assertEqual();
    }

    @Test
    void aCommandThatFailsWhenItLeadsBackLeavesTheFormerSourceAloneUntilAPersonDecides() throws Exception {
        leadThere("--on-cutover=" + hook());
        Files.createFile(folder.resolve("broken"));
        trip.askUntilDone("go-back");
        trip.run().awaitOutput("The clients may be half switched: it failed");
        assertThat(phase()).isEqualTo("undecided");
        assertThat(trip.run().err())
                .contains("if the clients are at the new server", "if they are at the former source")
                .contains("rump abort", "rump go-back");
        await().atMost(PATIENCE).until(() -> "OK".equals(atFresh.set("afterwards", "at the new server")));
        assertThat(trip.ask("release").exitCode()).isEqualTo(1);
        assertThat(atFormer.exists("afterwards")).isFalse();

        assertThat(trip.ask("abort").exitCode()).isZero();
        await().atMost(PATIENCE).until(() -> atFormer.exists("afterwards"));
        assertThat(phase()).isEqualTo("way-back");

        trip.askUntilDone("go-back");
        await().atMost(PATIENCE).until(() -> phase().equals("undecided"));
        trip.askUntilDone("go-back");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(switched()).hasSize(3);
        trip.assertEqual();
    }

    @Test
    void aResumedWayBackHasTheCommand() throws Exception {
        leadThere("--on-cutover=" + hook());
        trip.kill();
        trip.start("--resume", "--on-cutover=" + hook());
        trip.run().awaitOutput("The way back goes on: ");

        trip.askUntilDone("go-back");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(switched()).last().asString().startsWith("back from ");
    }
}
