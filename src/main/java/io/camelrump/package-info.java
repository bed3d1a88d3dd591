/**
 * Online Redis migration as Camel routes: SCAN instead of KEYS, DUMP and RESTORE for any type, both pipelined, a
 * bounded queue between, no temporary file.
 *
 * <pre>
 *  source                      Camel routes (routes/migrate.camel.yaml)                       target
 *  ------    +--------------+     +------------+     +-----------+     +--------------+     ------
 *  SCAN  <-- | RumpConsumer | --> | seda:pages | --> | aggregate | --> | RumpProducer | --> RESTORE
 *  PTTL      | 1 poll =     |     | bounded,   |     | JoinPages |     | reads every  |
 *  DUMP      | 1 page       |     | waits full |     | -> batch  |     | reply        |
 *            +--------------+     +------------+     +-----------+     +--------------+
 *                   ^                                                         |
 *                   +------- receipt: the outcome of each key of a page ------+
 * </pre>
 *
 * <p>This package is the public API, and what Camel needs: {@link io.camelrump.RumpEndpoint} and its component, the
 * values that travel ({@link io.camelrump.Page}, {@link io.camelrump.DumpedKey}, {@link io.camelrump.Batch}), the beans
 * of routes ({@link io.camelrump.JoinPages}, {@link io.camelrump.KeepKeys}, {@link io.camelrump.DropKey},
 * {@link io.camelrump.RenameKeys}, {@link io.camelrump.ReplaceValue}, {@link io.camelrump.Acknowledge}), and what a
 * host asks ({@link io.camelrump.Ledger}, {@link io.camelrump.Changes}). All other packages are internal.
 * {@code src/main/docs/architecture.adoc} has the way of a page through them, and the threads.
 *
 * <p>Begin with {@code RumpConsumer}: one start of it is a {@link io.camelrump.reading.ReadingSession}, whose
 * {@code PollLoop} waits for room and sends one exchange per page. {@code RumpProducer} takes batches, and the next
 * ones while replies are due: {@link io.camelrump.sending.BatchSender} sends them, and
 * {@link io.camelrump.exchanges.InFlightExchanges} has the replies read and resumes the route, on two threads that take
 * turns. {@code CompareProducer} is the end of a comparison's route. {@code HostedRun},
 * {@link io.camelrump.metrics.Meters}, {@code RunHealthCheck} and {@link io.camelrump.RunEnd} show a run to its host.
 *
 * <p>Four things hold, whatever stands between consumer and producer:
 *
 * <ul>
 *   <li>A key counts as restored only if the target said OK to it: the end of an exchange proves nothing, a receipt is
 *       confirmed by answers alone. A page that failed is read again.
 *   <li>Few pages and bytes are in flight at once, because the reader waits for receipts, and not for queues.
 *   <li>Of two readings of one key the later one remains on the target.
 *   <li>A cursor, or an OK, means nothing to another process of a server: the scan restarts.
 * </ul>
 */
@NullMarked
package io.camelrump;

import org.jspecify.annotations.NullMarked;
