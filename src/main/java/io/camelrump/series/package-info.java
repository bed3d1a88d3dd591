/**
 * What a run did over time, in a bounded number of points: rates, lag, latencies, and its phases.
 *
 * <p>Comes in: what the run's {@code RunListener} hears, and a look at its books five times a second. Goes out: a
 * {@link io.camelrump.RunSeries}, at any time. Begin with {@link io.camelrump.series.SeriesRecorder};
 * {@code JoinedSpans} keeps the points few.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.series;

import org.jspecify.annotations.NullMarked;
