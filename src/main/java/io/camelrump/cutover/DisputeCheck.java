package io.camelrump.cutover;

import io.camelrump.KeyNames;
import io.camelrump.RunState;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.DisputedKeys;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which of the keys that others may have written at the former source really differ, so that only these wait
 * for a person. Belongs to the thread of the {@link LiveCourse}.
 */
final class DisputeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DisputeCheck.class);
    private static final long BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(1);
    private static final long TICK_MILLIS = 5;
    /** For servers that do not answer: a cutover that is asked for meanwhile waits for this. */
    private static final Duration RETRY_FOR = Duration.ofSeconds(5);

    private final LiveCourse course;
    private final RunSides sides;
    private final ChangeLog changes;
    private final DisputedKeys disputed;
    private long failedAt = System.nanoTime() - BETWEEN_TRIES;

    DisputeCheck(LiveCourse course, Run run, RunSides sides) {
        this.course = course;
        this.sides = sides;
        this.changes = run.changes();
        this.disputed = changes.withheld().disputed();
    }

    /** Compares the keys that are suspected by now, if there are any; servers that do not answer are asked later. */
    void turn() throws InterruptedException {
        DisputedKeys.Suspects suspects = disputed.suspects();
        if (suspects.keys().isEmpty() || System.nanoTime() - failedAt < BETWEEN_TRIES) {
            return;
        }
        List<byte[]> different = different(suspects.keys());
        if (different == null) {
            failedAt = System.nanoTime();
        } else {
            disputed.compared(suspects, different).forEach(changes::mark);
        }
    }

    /** Names the keys that are not the same at both sides; null if that was not found. */
    private @Nullable List<byte[]> different(List<byte[]> keys) throws InterruptedException {
        List<Direction> directions = List.of();
        try {
            directions = sides.directions(new RunSides.Wanted(new KeyNames(keys), RETRY_FOR, false));
            return compared(directions);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("Keys that others may have written are not compared yet", e);
            return null;
        } finally {
            directions.forEach(direction -> direction.reading().stop());
        }
    }

    private @Nullable List<byte[]> compared(List<Direction> directions) throws InterruptedException {
        List<byte[]> found = Collections.synchronizedList(new ArrayList<>());
        List<Run> books = directions.stream().map(Direction::books).toList();
        books.forEach(each -> each.report().comparison().onDifference(difference -> found.add(difference.key())));
        directions.forEach(direction -> direction.reading().start());
        while (!books.stream().allMatch(each -> each.state().isFinal())) {
            if (course.awaitStop(TICK_MILLIS) || books.stream().anyMatch(each -> each.state() == RunState.FAILED)) {
                return null;
            }
        }
        return books.stream().allMatch(each -> each.state().isSettled()) ? List.copyOf(found) : null;
    }
}
