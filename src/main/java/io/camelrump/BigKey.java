package io.camelrump;

import java.time.Duration;

/**
 * A big key of a live run's source that is read, in parts, once more while its cutover waits.
 *
 * @param key its name, shortened if it is long
 * @param bytes about so many in memory
 * @param reading how long its last reading took
 */
public record BigKey(String key, long bytes, Duration reading) {}
