package io.camelrump.cutover;

import io.camelrump.KeyNames;
import io.camelrump.ServerMode;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The source and the targets of a live run, as its cutover needs them.
 *
 * <p>Belongs to the thread of the run's {@link LiveCourse}.
 */
public abstract class RunSides {

    /**
     * Which comparison is wanted.
     *
     * @param only the keys to compare; null for all
     * @param retryFor how long it may wait for a server that does not answer
     * @param unthrottled whether nothing slows it down to spare a server
     */
    public record Wanted(@Nullable KeyNames only, Duration retryFor, boolean unthrottled) {}

    /** Looks, if it is time to, by which nodes the sides can be found; to be called again and again. */
    protected abstract void lookInTime();

    /** Why the two sides cannot be compared; null if they can. */
    protected abstract @Nullable String objection();

    /** The source by a node that answers now. */
    protected abstract ServerAddress source();

    protected abstract ServerMode sourceMode();

    /**
     * The servers that take the writes of the source's clients; no answer of theirs is awaited for longer than this.
     */
    protected abstract List<ServerAddress> sourceServers(Duration most) throws IOException;

    /** The servers that will take them. */
    protected abstract List<ServerAddress> targetServers(Duration most) throws IOException;

    /** The directions of a comparison, not started yet: those from the source come first. */
    protected abstract List<Direction> directions(Wanted wanted) throws Exception;

    /**
     * Requires what the cutover cannot do without.
     *
     * @throws io.camelrump.redis.RedisException a permanent one with the rules to add if a user lacks some
     */
    protected abstract void requireRights();

    /**
     * Requires, before anything is read, what the whole run cannot do without; where it is known by then to which
     * servers the keys will go, and these can be asked.
     *
     * @throws io.camelrump.redis.RedisException a permanent one with what to do
     */
    protected abstract void requireForStart();

    /** Whether keys are deleted that only a target has. */
    protected abstract boolean prunes();

    /** Whether the source's functions are copied too. */
    protected abstract boolean copiesFunctions();
}
