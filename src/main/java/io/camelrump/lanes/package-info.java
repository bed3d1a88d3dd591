/**
 * Lanes in which the pages of a run go side by side through a transport, such as the partitions of a topic.
 *
 * <p>Comes in: a page. Goes out: its keys by the lane of their slot, in pages that a message can carry, each with its
 * number in its lane. Begin with {@link io.camelrump.lanes.LaneNumbers}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.lanes;

import org.jspecify.annotations.NullMarked;
