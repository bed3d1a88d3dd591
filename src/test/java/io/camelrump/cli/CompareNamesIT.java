package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.SampleData;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** When the target's names are looked up at the source, and when counting them is enough. */
class CompareNamesIT extends CompareFixture {
    private static final String COUNTED = " keys of the source compared, the target holds no others, in ";

    @Test
    void sidesOfOneSizeThatNobodyWritesToAreCountedAndTheSourceIsNotAskedForNames() {
        SampleData.fillMixed(atSource, 2_000);
        migrate();
        atSource.configResetStat();
        atTarget.configResetStat();

        CommandRun run = compare();

        assertThat(run.out()).contains("EQUAL: 2,000" + COUNTED);
        assertThat(run.exitCode()).isZero();
        assertThat(calls(source, "exists")).as("but for the right to it").isLessThanOrEqualTo(1);
        assertThat(calls(source, "type")).isZero();
        assertThat(calls(target, "scan")).as("but for the right to it").isLessThanOrEqualTo(1);
    }

    @Test
    void aKeyThatOnlyTheTargetHasIsFoundWhereBothHoldEquallyMany() {
        SampleData.fillMixed(atSource, 50);
        migrate();
        atTarget.del("mixed:1");
        atTarget.set("extra", "v");

        CommandRun run = compare();

        assertThat(differing(run)).containsExactlyInAnyOrder("missing \"mixed:1\"", "extra \"extra\"");
        assertThat(run.exitCode()).isEqualTo(5);
    }

    @Test
    void aKeyOfAnotherDatabaseIsNotTakenForOneOfThisOne() {
        SampleData.fillMixed(atSource, 50);
        migrate();
        atTarget.set("extra", "v");
        atSource.select(1);
        atSource.set("elsewhere", "v");

        CommandRun run = compare();

        assertThat(differing(run)).containsExactly("extra \"extra\"");
    }

    @Test
    void namesAreLookedUpWhereOneSideIsWrittenToMeanwhile() {
        SampleData.fillMixed(atSource, 600);
        migrate();
        CompletableFuture<CommandRun> comparing =
                CompletableFuture.supplyAsync(() -> compare("--max-keys-per-second", "200"));
        Awaitility.await().until(() -> calls(source, "dump") > 100);
        atTarget.set("extra", "v");

        CommandRun run = comparing.join();

        assertThat(differing(run)).containsExactly("extra \"extra\"");
        assertThat(run.out()).contains("601 of the target looked up");
    }

    @Test
    void keysThatAFilterSelectsAreLookedUpByTheirNames() {
        SampleData.fillMixed(atSource, 50);
        migrate();

        CommandRun run = compare("--match", "mixed:1*");

        assertThat(run.out()).contains("EQUAL: 11 keys of the source compared, 11 of the target looked up");
    }
}
