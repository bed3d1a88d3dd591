package io.camelrump.run;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.KeyList;

/**
 * Keys that were read and do not have all their outcomes.
 *
 * @param position where the SCAN began that gave them
 */
public record InFlightKeys(KeyList keys, ScanPosition position) {}
