/**
 * A page that shows a run in a browser while it goes on: phase and rates, outcomes, what the cutover waits for, and the
 * routes that run, with counts on their arrows.
 *
 * <p>Comes in: HTTP requests, by the beans of {@code routes/ui.camel.yaml}. Goes out: the page's files by
 * {@link io.camelrump.ui.RunPage}, and by {@link io.camelrump.ui.RunStream} lines of JSON, one per second: the status
 * of the run as {@code rump:NAME?operation=status} answers it, the routes of the context's own model
 * ({@code RouteOutline}), and what passed each of their steps ({@code StepCounts}). The page itself is plain HTML, CSS
 * and JavaScript, beside the classes.
 *
 * <p>Uses the public API alone, and nothing uses it: a host that does not load the route file has nothing of it.
 */
@NullMarked
package io.camelrump.ui;

import org.jspecify.annotations.NullMarked;
