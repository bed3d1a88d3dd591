/**
 * One migration by several runs side by side: which keys each of them reads, and what they report to each other.
 *
 * <p>Comes in: the number of a run among all, as {@code 0/3}. Goes out: a {@link io.camelrump.shard.Share} of the keys,
 * which no other run has. Begin with {@link io.camelrump.shard.Shard}.
 *
 * <p>Internal to the component and its command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.shard;

import org.jspecify.annotations.NullMarked;
