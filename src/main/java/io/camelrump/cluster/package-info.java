/**
 * A cluster as the source: one reader per master, slots that move, masters that fail or are replaced.
 *
 * <p>Comes in: the topology as most masters report it. Goes out: pages of all masters in turns, and rescans of slots on
 * their final owners. Begin with {@link io.camelrump.cluster.ClusterReader}; {@code SlotScanState} decides which slots
 * to scan again, and does no I/O.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cluster;

import org.jspecify.annotations.NullMarked;
