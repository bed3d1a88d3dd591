/**
 * Exchanges that carry pages: where they are, in which order they are finished, and which got lost.
 *
 * <p>Comes in: exchanges that a consumer sends and a producer takes. Goes out: their end, reported to the receipts that
 * travel with them, and a run that ends instead of waiting for pages that a route has swallowed. Begin with
 * {@link io.camelrump.exchanges.Receipts} and {@link io.camelrump.exchanges.InFlightExchanges}; on the consumer's side
 * {@link io.camelrump.exchanges.ExchangeTracker} and {@link io.camelrump.exchanges.StallDetector} watch over them.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.exchanges;

import org.jspecify.annotations.NullMarked;
