package io.camelrump.run;

import io.camelrump.Outcome;
import io.camelrump.redis.ServerAddress;

/**
 * Listener to what a run does, for whoever measures it. It is called by the threads that do it, some of them under the
 * run's lock, so it must return at once.
 */
public interface RunListener {
    /** Nobody listens. */
    RunListener NONE = new RunListener() {};

    /** A page was read. */
    default void read(int keys, long payloadBytes) {}

    /** Keys have their outcome. */
    default void settled(Outcome outcome, int keys) {}

    /** Keys are read once more. */
    default void reread(int keys) {}

    /** A scan begins anew, as a server is another one than before. */
    default void restarted() {}

    /** Something failed, and is tried again. */
    default void retried(RetryCause cause) {}

    /** A node of the source has answered a PING. */
    default void sourceAnswered(ServerAddress node, long nanos) {}

    /**
     * A node of a target has answered a batch.
     *
     * @param nanos from the first byte that was sent to the last reply
     * @param bytes that were sent
     */
    default void targetAnswered(ServerAddress node, long nanos, int keys, long bytes) {}
}
