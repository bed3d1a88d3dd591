/**
 * Runs whose pages another process reads: what has come of each through a transport, what became of its keys, and what
 * is missing at its end.
 *
 * <p>Comes in: pages with the stamp of a run elsewhere, before and after they are written. Goes out: the pages that are
 * due, without doubles and without readings that newer ones have overtaken; the books of the run, and how it ended.
 * Begin with {@link io.camelrump.received.Reception}; {@link io.camelrump.received.ReceivedRun} has the books.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.received;

import org.jspecify.annotations.NullMarked;
