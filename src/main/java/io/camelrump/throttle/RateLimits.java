package io.camelrump.throttle;

/**
 * Limits on what is read of a source per second.
 *
 * @param keys 0 for no limit
 * @param bytes of payloads; 0 for no limit
 */
public record RateLimits(long keys, long bytes) {
    /** No limit. */
    public static final RateLimits NONE = new RateLimits(0, 0);
}
