/**
 * What a producer does with the pages of its exchanges, so that a distant target does not wait for batches.
 *
 * <p>Comes in: pages in the order in which the route brings them. Goes out: batches that the
 * {@link io.camelrump.target.Targets} have answered, and headers that say what became of their keys. Begin with
 * {@link io.camelrump.sending.BatchSender}, under whose lock all of it is.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.sending;

import org.jspecify.annotations.NullMarked;
