package io.camelrump.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.redis.ServerClock;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Counts COUNTS = new Counts(11, 1, 2, 3, 1, 1, 2, 1, 700, 4, 1);

    private static final Map<String, Set<String>> LIBRARIES = Map.of("one", Set.of("0a", "0b"), "two", Set.of("0c"));

    private static final Map<String, ServerClock> CLOCKS = Map.of(
            "source 127.0.0.1:6379", new ServerClock(-1_800_000_000L, 0, true, 90),
            "target 127.0.0.1:6380/1", new ServerClock(7, 0, true, 0));

    @Test
    void saysTheSameWhenItIsReadAgain() {
        Checkpoint checkpoint = checkpoint(
                List.of(refusal("", "no name"), refusal("a key", "its payload = 3\n lines:\\")),
                Map.of(
                        "127.0.0.1:6379/1", new Checkpoint.TargetState("abc", true, 3, null),
                        "hides itself", new Checkpoint.TargetState("", false, 0, null)));

        Checkpoint read = Checkpoint.decode(checkpoint.encode());

        assertThat(read).usingRecursiveComparison().isEqualTo(checkpoint);
    }

    @Test
    void saysOfEachNodeOfAClusterHowFarItWasRead() {
        BitSet slots = new BitSet();
        slots.set(0, 5_461);
        BitSet last = new BitSet();
        last.set(16_383);
        Checkpoint checkpoint = checkpoint(
                List.of(
                        new Checkpoint.SourceState(
                                "one",
                                "run",
                                "",
                                slots,
                                new ScanPosition(0, 77, false),
                                new ScanPosition(0, -9, false)),
                        new Checkpoint.SourceState("other", "", "0 5 7", last, new ScanPosition(0, 0, true), null)),
                List.of(),
                Map.of());

        assertThat(Checkpoint.decode(checkpoint.encode()).sources()).isEqualTo(checkpoint.sources());
    }

    @Test
    void oneWithoutLibrariesClocksAndCutoverIsReadToo() {
        String older = checkpoint(List.of(), Map.of())
                .encode()
                .lines()
                .filter(line -> !line.matches("(?:library|clock|measured)\\..*|cutover=.*"))
                .collect(Collectors.joining("\n"));

        Checkpoint read = Checkpoint.decode(older);
        assertThat(read.libraries()).isEmpty();
        assertThat(read.clocks()).isEmpty();
        assertThat(read.cutover()).isFalse();
        assertThat(read.sources().get(0).measured()).isNull();
    }

    @Test
    void theOptionThatDiffersIsNamed() {
        Checkpoint checkpoint = checkpoint(List.of(), Map.of());

        assertThat(checkpoint.otherSelection(Map.of("match", "a*"))).isNull();
        assertThat(checkpoint.otherSelection(Map.of("match", "b*"))).isEqualTo("match was a* and is b*");
        assertThat(checkpoint.otherSelection(Map.of("match", "a*", "minSize", "1kb")))
                .isEqualTo("minSize was null and is 1kb");
    }

    @Test
    void textOfSomethingElseIsNoCheckpoint() {
        assertThatThrownBy(() -> Checkpoint.decode("something else"))
                .hasMessageContaining("no checkpoint of this version");
        String whole = checkpoint(List.of(), Map.of()).encode();
        assertThatThrownBy(() -> Checkpoint.decode(whole.replace("counts=11 ", "counts=")))
                .hasMessageContaining("damaged");
    }

    private static Checkpoint checkpoint(List<Refusal> refusals, Map<String, Checkpoint.TargetState> targets) {
        return checkpoint(
                List.of(new Checkpoint.SourceState(
                        "", "run", "", new BitSet(), new ScanPosition(2, -1, false), new ScanPosition(1, 5, false))),
                refusals,
                targets);
    }

    private static Checkpoint checkpoint(
            List<Checkpoint.SourceState> sources, List<Refusal> refusals, Map<String, Checkpoint.TargetState> targets) {
        return new Checkpoint(sources, Map.of("match", "a*"), COUNTS, refusals, targets, LIBRARIES, CLOCKS, true, true);
    }

    private static Refusal refusal(String key, String cause) {
        return new Refusal(key.getBytes(StandardCharsets.UTF_8), cause);
    }

    @Test
    void readsTheBeginningOfAFileOfNumbers() {
        assertThat(Checkpoint.isCheckpoint("counts=" + "1 ".repeat(50_000))).isTrue();
        assertThat(Checkpoint.isCheckpoint("counts=" + "1".repeat(50_000))).isFalse();
    }
}
