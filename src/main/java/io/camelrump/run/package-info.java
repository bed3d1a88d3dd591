/**
 * The books of one run: which pages are in flight, what became of each key, and which keys changed meanwhile.
 *
 * <p>Comes in: pages as they are read, outcomes as targets answer, change notifications. Goes out: room for the next
 * page, keys to be read again, counts, and at last whether the run is complete. Begin with
 * {@link io.camelrump.run.Run}, then {@link io.camelrump.run.Receipt}, which every page carries; {@code RunPages} has
 * what is in flight, {@code RunReport} the counts, {@code RunTargets} who answers. {@code RetryWindow} decides how long
 * a failing server, source or target, is tried again; {@code ScanEpoch} numbers the scans.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.run;

import org.jspecify.annotations.NullMarked;
