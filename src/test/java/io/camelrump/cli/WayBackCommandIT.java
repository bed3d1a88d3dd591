package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.AcknowledgedWriter;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.StatusSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A migration that leads its clients back. */
class WayBackCommandIT extends WayBackFixture {
    private JsonNode document() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    }

    @Test
    void aServiceMovesToTheNewServerAndBackAgainAndLosesNothing() throws Exception {
        trip.start();
        try (AcknowledgedWriter acknowledged = new AcknowledgedWriter(former, 2_000, 1_000);
                LiveWriter service = trip.service(1)) {
            trip.cutOver(acknowledged);
            RoundTrip.awaitMore(acknowledged, 3_000);
            assertThat(StatusSchema.valid(trip.ask("status", "--json").out())
                            .path("phase")
                            .asText())
                    .isEqualTo("way-back");

            trip.askUntilDone("go-back");
            await().atMost(PATIENCE).until(() -> trip.run().err().split("Converged\\. ", -1).length > 2);
            service.stop();

            assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
            assertThat(trip.run().out()).containsSubsequence("CONVERGED: ", "CONVERGED: ");
            trip.assertEqual();
            assertThat(document().path("wayBack").path("result").asText()).isEqualTo("CONVERGED");

            acknowledged.moveTo(former);
            RoundTrip.awaitMore(acknowledged, 500);
            acknowledged.finish();
            trip.assertNothingMissing(acknowledged, List.of(former));
        }
    }

    @Test
    void aReleasedWayBackLeavesWhatWasFollowed() throws Exception {
        leadThere();
        atFresh.set("late", "value");
        atFresh.del("mixed:1");
        await().atMost(PATIENCE).until(() -> atFormer.exists("late") && !atFormer.exists("mixed:1"));

        assertThat(trip.ask("cutover").err()).contains("rump go-back");
        assertThat(trip.ask("release").exitCode()).isZero();

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(trip.run().out()).contains("RELEASED: ");
        assertThat(document().path("result").asText()).isEqualTo("CONVERGED");
        assertThat(document().path("wayBack").path("result").asText()).isEqualTo("RELEASED");
        assertThat(trip.checkpoint()).doesNotExist();
    }

    @Test
    void keysThatOthersWroteAtTheFormerSourceWaitForAWord() throws Exception {
        leadThere();
        atFormer.set("mixed:2", "of a forgotten client");
        await().atMost(PATIENCE).until(() -> trip.ask("go-back").err().contains("mixed:2"));

        assertThat(trip.ask("go-back").err()).contains("--trust new", "--trust former");
        trip.askUntilDone("go-back", "--trust=new");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        trip.assertEqual();
    }

    @Test
    void keysThatTheFormerSourceHasRightAreLeftThere() throws Exception {
        leadThere();
        atFormer.set("mixed:2", "of a forgotten client");
        await().atMost(PATIENCE).until(() -> trip.ask("go-back").err().contains("mixed:2"));
        atFresh.set("mixed:2", "of the service");
        trip.askUntilDone("go-back", "--trust=former");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(atFormer.get("mixed:2")).isEqualTo("of a forgotten client");
    }

    @Test
    void aKilledWayBackIsResumedInItsDirection() throws Exception {
        leadThere();
        String checkpoint = Files.readString(trip.checkpoint());
        trip.kill();
        atFresh.set("missed", "value");
        atFresh.set("mixed:3", "missed");
        atFresh.del("mixed:4");

        trip.start("--restart-scan=false");
        assertThat(trip.run().exitCode()).isEqualTo(1);
        assertThat(trip.run().err()).contains("resume (--resume)");
        CommandRun forth = CommandRun.of(
                "-from=" + RumpProcess.uri(former),
                "-to=" + RumpProcess.uri(fresh),
                "--live",
                "--restart-scan",
                "--checkpoint=" + trip.checkpoint());
        assertThat(forth.exitCode()).isEqualTo(1);
        assertThat(forth.err()).contains("is of a way back");
        assertThat(atFresh.get("mixed:3")).isEqualTo("missed");
        assertThat(Files.readString(trip.checkpoint()))
                .hasLineCount((int) checkpoint.lines().count());

        trip.start("--resume");
        trip.run().awaitOutput("The way back goes on: ");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(atFormer.get("missed")).as(trip.run().output()).isEqualTo("value");
            assertThat(atFormer.exists("mixed:4")).as(trip.run().output()).isFalse();
        });
        trip.askUntilDone("go-back");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        trip.assertEqual();
    }

    @Test
    void aResumedWayBackStillAsksForAWordOnKeysThatOthersWrote() throws Exception {
        leadThere();
        atFormer.set("mixed:2", "of a forgotten client");
        await().atMost(PATIENCE).until(() -> Files.readString(trip.checkpoint()).contains("held.open=k"));
        trip.kill();
        atFresh.set("mixed:2", "of the service");
        atFresh.set("missed", "value");

        trip.start("--resume");
        trip.run().awaitOutput("The way back goes on: ");
        await().atMost(PATIENCE).until(() -> atFormer.exists("missed"));
        await().atMost(PATIENCE).until(() -> trip.ask("go-back").err().contains("mixed:2"));
        assertThat(atFormer.get("mixed:2")).isEqualTo("of a forgotten client");
        trip.askUntilDone("go-back", "--trust=former");

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        assertThat(atFormer.get("mixed:2")).isEqualTo("of a forgotten client");
    }

    /** A server at which nothing changes is asked once a minute. */
    @Tag("long")
    @Test
    void theFormerSourceHoldsWhatWasFollowedWhenTheNewServerIsLost() throws Exception {
        leadThere("--retry-for=2s");
        for (int i = 0; i < 300; i++) {
            atFresh.set("late:" + i, "value " + i);
        }
        atFresh.del("mixed:1");
        await().atMost(PATIENCE).until(() -> atFormer.exists("late:299") && !atFormer.exists("mixed:1"));
        fresh.kill9();

        assertThat(trip.run().exitCode()).as(trip.run().output()).isEqualTo(1);

        for (int i = 0; i < 300; i++) {
            assertThat(atFormer.get("late:" + i)).isEqualTo("value " + i);
        }
        assertThat(trip.run().err()).contains("Gave up after ");
        assertThat(trip.run().out())
                .contains("FAILED: ", "holds all changes that were followed until ", "keys copied, 1 deleted; 0 keys");
        JsonNode back = document().path("wayBack");
        assertThat(back.path("result").asText()).isEqualTo("FAILED");
        assertThat(trip.checkpoint()).exists();
    }

    @Test
    void aTargetThatHoldsKeysIsRefused() throws Exception {
        atFresh.set("its own", "value");

        trip.start();

        assertThat(trip.run().exitCode()).isEqualTo(2);
        assertThat(trip.run().err()).contains("--way-back would take the keys that");
        assertThat(atFresh.dbSize()).isEqualTo(1);
    }
}
