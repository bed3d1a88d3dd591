package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The buttons of the page that shows a run, in a real browser: each asks before it steers the run. */
@Tag("long")
class UiButtonsIT extends UiPageFixture {
    @Test
    void buttonsAskAndThenSteerALiveRun() throws Exception {
        try (RumpProcess run = migrate("--live")) {
            browser.awaitText("#ready", "It can cut over now");
            browser.click("#pause");
            browser.click("#no");
            browser.awaitText("#phase", "Following");
            assertThat(browser.text("#phase")).doesNotContain("paused");

            answer("pause");
            browser.awaitText("#phase", "paused");
            browser.awaitText("#ready", "It cannot cut over now: it is paused");
            PAIR.atSource().set("while", "paused");
            browser.awaitText("#waiting", "Changed keys that wait\n1");
            browser.click("#limit");
            browser.enter("#max-keys", "100");
            browser.click("#yes");
            browser.awaitText("#course", "100 keys/s");
            answer("resume");
            browser.awaitText("#waiting", "Changed keys that wait\n0");
            browser.awaitText("#answer", "Resume: done");

            answer("cutover");

            browser.awaitText("#ready", "Converged as of");
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err()).contains("Cutting over, as a person has asked for it");
            assertThat(PAIR.atTarget().get("while")).isEqualTo("paused");
        }
    }

    @Test
    void aRefusalIsShownWithItsReason() throws Exception {
        try (RumpProcess run = migrate(SLOW)) {
            browser.click("#limit");
            browser.enter("#max-keys", "1.5");
            browser.evaluate("document.querySelector('#question form').noValidate = true");
            browser.click("#yes");

            browser.awaitText("#answer", "maxKeysPerSecond is 1.5: it must be a whole number");
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void aKeyboardIsEnough() throws Exception {
        try (RumpProcess run = migrate("--live")) {
            browser.awaitText("#ready", "It can cut over now");
            browser.press("Tab", 9, "");
            assertThat(focused()).isEqualTo("pause");
            browser.press("Enter", 13, "\r");
            assertThat(browser.evaluate("document.querySelector('#question').open")
                            .asBoolean())
                    .isTrue();
            browser.press("Escape", 27, "");
            assertThat(focused()).isEqualTo("pause");
            browser.press("Enter", 13, "\r");
            assertThat(focused()).isEqualTo("yes");
            browser.press("Enter", 13, "\r");

            browser.awaitText("#phase", "paused");
            assertThat(run.hasEnded()).isFalse();
        }
    }

    @Test
    void aWayBackIsShownAfterItsMigrationAndLedBackByItsButton() throws Exception {
        try (RumpProcess run = migrate("--live", "--way-back", "--pause-writes=1s")) {
            browser.awaitText("#ready", "It can cut over now");
            answer("cutover");

            browser.awaitText("#phase", "Way back");
            browser.awaitText("#cutover", "Go back");
            browser.awaitText("#ready", "It can lead back now");
            assertThat(browser.violations()).isEmpty();
            picture("way-back");
            PAIR.atTarget().set("late", "value");
            // of the way back alone
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(listed())
                    .containsPattern("restore-batch, to rump:target: \\d+ messages, \\d keys,"));
            answer("cutover");

            browser.awaitText("#ready", "Converged as of");
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
    }

    @Test
    void aWayBackIsReleasedAfterAQuestion() throws Exception {
        try (RumpProcess run = migrate("--live", "--way-back", "--pause-writes=1s")) {
            browser.awaitText("#ready", "It can cut over now");
            assertThat(browser.text("#release")).isEmpty();
            answer("cutover");
            browser.awaitText("#release", "Release");
            browser.click("#release");
            assertThat(browser.text("#question-text")).contains("nobody can go back");
            assertThat(browser.violations()).isEmpty();
            picture("release");

            browser.click("#yes");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("RELEASED: ");
        }
    }

    @Test
    void aCutoverIsAbortedAfterAQuestionThatIsEasilyDenied() throws Exception {
        Path stuck = Files.writeString(folder.resolve("stuck.sh"), "#!/bin/sh\nexec sleep 60\n");
        assertThat(stuck.toFile().setExecutable(true)).isTrue();
        try (RumpProcess run = migrate("--live", "--pause-writes=40s", "--on-cutover=" + stuck)) {
            browser.awaitText("#ready", "It can cut over now");
            answer("cutover");
            browser.awaitText("#phase", "Cutting over");
            assertThat(disabled("pause")).isTrue();
            assertThat(disabled("cutover")).isTrue();
            browser.click("#abort");
            assertThat(focused()).isEqualTo("no");
            assertThat(browser.text("#question-text")).contains("before it is complete");
            picture("abort");

            browser.click("#yes");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.out()).contains("INCOMPLETE");
            assertThat(PAIR.atSource().set("after", "the pause")).isEqualTo("OK");
        }
    }
}
