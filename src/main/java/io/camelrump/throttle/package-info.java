/**
 * How fast the source may be read, by limits and by what its other clients feel.
 *
 * <p>Comes in: keys and bytes as they are read, round trips of a PING, what a server reports of its commands. Goes out:
 * how many keys may be requested now. Begin with {@link io.camelrump.throttle.RateLimiter}, then
 * {@link io.camelrump.throttle.TurnPacer} and {@link io.camelrump.throttle.LatencyGuard}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.throttle;

import org.jspecify.annotations.NullMarked;
