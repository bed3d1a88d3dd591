/**
 * One start of a consumer: what it opens, the loop around its reader, and the tasks beside it.
 *
 * <p>Comes in: an endpoint's options ({@link io.camelrump.reading.ReadEndpoint}), the books of its run, and the route
 * ({@link io.camelrump.reading.ReadingRoute}). Goes out: one exchange for each page, and one for the end. Begin with
 * {@link io.camelrump.reading.ReadingSession}, then {@link io.camelrump.reading.PollLoop}, which reads by what
 * {@link io.camelrump.reading.SourceFactory} makes.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.reading;

import org.jspecify.annotations.NullMarked;
