package io.camelrump.run;

import io.camelrump.redis.ServerAddress;

/**
 * How far a node of the source is scanned.
 *
 * @param share of its keys, from 0 to 1
 * @param keys that it had when its scan began; -1 where that is unknown
 */
public record NodeProgress(ServerAddress node, double share, long keys) {}
