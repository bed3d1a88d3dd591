package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PipelineQueueTest {

    /** Positive numbers put so many in, negative ones take so many out. */
    @Property(tries = 200)
    void givesBackInOrderWhatWasPutIn(@ForAll @Size(max = 60) List<@IntRange(min = -3000, max = 3000) Integer> steps) {
        PipelineQueue pipeline = new PipelineQueue();
        Deque<Byte> expected = new ArrayDeque<>();
        byte next = 0;
        for (int step : steps) {
            for (int i = 0; i < step; i++) {
                byte what = (byte) (1 + Math.floorMod(next++, 3));
                pipeline.add(what);
                expected.add(what);
            }
            for (int i = 0; i < -step && !expected.isEmpty(); i++) {
                assertThat(pipeline.remove()).isEqualTo(expected.remove());
            }
            assertThat(pipeline.isEmpty()).isEqualTo(expected.isEmpty());
            assertThat(pipeline.keys()).isEqualTo((int)
                    expected.stream().filter(what -> what == PipelineQueue.KEY).count());
            assertThat(pipeline.endsWithKey())
                    .isEqualTo(!expected.isEmpty() && expected.getLast() == PipelineQueue.KEY);
        }
    }

    @Test
    void forgetsAllWhenTheConnectionIsLost() {
        PipelineQueue pipeline = new PipelineQueue();
        pipeline.add(PipelineQueue.KEY);
        pipeline.add(PipelineQueue.TIME);
        pipeline.clear();

        assertThat(pipeline.isEmpty()).isTrue();
        assertThat(pipeline.keys()).isZero();
        assertThat(pipeline.endsWithKey()).isFalse();
        pipeline.add(PipelineQueue.SCAN);
        assertThat(pipeline.remove()).isEqualTo(PipelineQueue.SCAN);
    }
}
