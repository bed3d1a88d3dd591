package io.camelrump.run;

import io.camelrump.Outcome;
import io.camelrump.redis.ServerAddress;
import org.jspecify.annotations.Nullable;

/** Hands on what a run does to two who measure it. */
public record SharedListener(RunListener one, RunListener other) implements RunListener {
    /** The one alone where there is no other. */
    public static RunListener of(RunListener one, @Nullable RunListener other) {
        return other == null ? one : new SharedListener(one, other);
    }

    @Override
    public void read(int keys, long payloadBytes) {
        one.read(keys, payloadBytes);
        other.read(keys, payloadBytes);
    }

    @Override
    public void settled(Outcome outcome, int keys) {
        one.settled(outcome, keys);
        other.settled(outcome, keys);
    }

    @Override
    public void reread(int keys) {
        one.reread(keys);
        other.reread(keys);
    }

    @Override
    public void restarted() {
        one.restarted();
        other.restarted();
    }

    @Override
    public void retried(RetryCause cause) {
        one.retried(cause);
        other.retried(cause);
    }

    @Override
    public void sourceAnswered(ServerAddress node, long nanos) {
        one.sourceAnswered(node, nanos);
        other.sourceAnswered(node, nanos);
    }

    @Override
    public void targetAnswered(ServerAddress node, long nanos, int keys, long bytes) {
        one.targetAnswered(node, nanos, keys, bytes);
        other.targetAnswered(node, nanos, keys, bytes);
    }
}
