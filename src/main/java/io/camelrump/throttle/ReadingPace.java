package io.camelrump.throttle;

/**
 * How fast one server is read.
 *
 * @param limits on keys and bytes a second, of all servers of the source together
 * @param budget of the server's time
 */
public record ReadingPace(RateLimiter limits, WorkBudget budget) {}
