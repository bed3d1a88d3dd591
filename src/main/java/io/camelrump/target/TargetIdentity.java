package io.camelrump.target;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identity of a target's process, by which it is recognised after a reconnect; and what that process had when it was
 * met: keys of others, and keys that it had evicted.
 *
 * <p>Guarded by whoever guards the target; any thread may ask what it was found to be.
 */
final class TargetIdentity {
    private volatile ServerInfo info = ServerInfo.HIDDEN;
    private volatile boolean known;
    private volatile long evictedBefore;
    private final RecentKeys recent = new RecentKeys();
    /** Keys that it held when the run began. */
    private final InitialKeys.Place initial;
    /** Whether another process has come with keys of its own. */
    private volatile boolean cameFilled;

    TargetIdentity(InitialKeys.Place initial) {
        this.initial = initial;
    }

    /** INFO of the last connection. */
    ServerInfo info() {
        return info;
    }

    /** Whether it was ever met. Any thread may ask. */
    boolean isKnown() {
        return known;
    }

    /** Whether this connection leads to another process than the one that was met. */
    boolean isAnother(RedisConnection fresh, ServerInfo now, ServerClock clock) throws IOException {
        if (!known) {
            return false;
        }
        return info.runId() == null && now.runId() == null ? !recent.areAllThere(fresh, clock) : !now.continues(info);
    }

    /** Whether what answers at the end is the process that was met. */
    boolean isSameAs(ServerInfo now) {
        return info.runId() == null || now.continues(info);
    }

    /** Whether the process is the same, whatever became of its data. */
    boolean isProcess(ServerInfo now) {
        return Objects.equals(info.runId(), now.runId());
    }

    /** Notes a process that was met for the first time, or is another one now. */
    void begins(RedisConnection fresh, ServerInfo now) throws IOException {
        cameFilled = cameFilled || known && fresh.databaseSize() != 0;
        if (known) {
            initial.replaced();
        }
        recent.clear();
        evictedBefore = now.evictedKeys();
        known = true;
        info = now;
    }

    /** Notes that the same process was met again. */
    void metAgain(ServerInfo now) {
        info = now;
    }

    /** Where it hides who it is, the keys that it confirmed last show it. */
    void remember(PageSlice slice, BatchWriter writer) {
        if (info.runId() == null) {
            recent.remember(slice, writer);
        }
    }

    /** Keys that it has evicted since it was met. */
    long evictedSince(ServerInfo now) {
        return now.evictedKeys() - evictedBefore;
    }

    // --- whose its keys are ---

    InitialKeys.Place initial() {
        return initial;
    }

    /** Whether a key that is here is ours for certain. */
    boolean holdsOursAlone() {
        return initial.wereNone() && !cameFilled;
    }

    /** All that it holds is the run's own. */
    void ownsAll() {
        initial.resume(true, null);
    }

    // --- over the end of a run ---

    /** State that a later run needs in order to resume. */
    Checkpoint.TargetState state() {
        return new Checkpoint.TargetState(
                Objects.requireNonNullElse(info.runId(), ""), initial.wereNone(), evictedBefore, initial.names());
    }

    /**
     * Why it is not the one that an earlier run wrote to, or does not hold what it confirmed; null if it is and does.
     */
    @Nullable
    String objection(Checkpoint.TargetState before) {
        if (before.runId().isEmpty()) {
            return "it hides its run_id (ACL rule +info), so nothing shows that it still holds what it confirmed";
        }
        if (!before.runId().equals(info.runId())) {
            return "it is another server process than the one that confirmed the keys";
        }
        return evictedBefore > before.evicted()
                ? "it evicted " + (evictedBefore - before.evicted()) + " keys since the run began"
                : null;
    }

    /** An earlier run wrote to it. */
    void resume(Checkpoint.TargetState before) {
        initial.resume(before.wasEmpty(), before.names());
        cameFilled = false;
    }
}
