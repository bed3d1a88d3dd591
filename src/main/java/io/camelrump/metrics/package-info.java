/**
 * What a run does, as meters of Micrometer.
 *
 * <p>Comes in: what the run reports to its listener, and what it has come to when a meter is read. Goes out: counters,
 * timers and gauges in the host's registry, under the names that the component's page lists. Begin with
 * {@link io.camelrump.metrics.MeteredRun}, the only class here that a host without Micrometer loads.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.metrics;

import org.jspecify.annotations.NullMarked;
