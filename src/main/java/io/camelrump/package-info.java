/**
 * Online Redis migration as Camel routes: SCAN instead of KEYS, DUMP and RESTORE for any type, both pipelined, a bounded
 * queue between, no temporary file.
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
 * <p>Read it in the direction of the data:
 *
 * <ol>
 *   <li>{@link io.camelrump.RumpEndpoint} holds the options, which are in {@code io.camelrump.options};
 *       {@link io.camelrump.RumpComponent} makes it from a URI. {@code KeyMapping} says which keys they select and where each
 *       goes, and {@code SourceFactory} makes what a consumer reads by.
 *   <li>{@code RumpConsumer} waits for room and sends one exchange a page of its {@code PageSource}: {@code SourceReader}
 *       reads one server over cut connections and restarts, {@code ClusterReader} has one for each master of a cluster,
 *       and {@code ClusterMonitor} look at their slots; {@code PageReader} is the pipeline of SCAN, expiry and DUMP: {@code PayloadReader} takes
 *       the replies about a key, {@code PageAssembler} are what grows of them, and {@code UnreadKeys} has what cannot travel. How
 *       many payloads are due {@code PayloadWindow} tells, and {@code RateLimiter} how fast: by limits, and in the {@code AdaptiveStep} that {@code LatencyGuard}
 *       finds the source to bear. Keys come by {@code KeyScan}, one database after the other or from a file; names that
 *       {@code NameFilter} leaves out end there, {@code KeyFilterStage} asks the server about the others where a filter wants it, and for their sizes, and
 *       {@code RenameCollisions} lets no two keys get one name.
 *   <li>{@link io.camelrump.run.PageData}, {@link io.camelrump.DumpedKey} and {@link io.camelrump.Batch} travel.
 *       {@link io.camelrump.JoinPages} makes batches of pages; {@link io.camelrump.KeepKeys} and
 *       {@link io.camelrump.RenameKeys} are steps that a route may put between.
 *   <li>{@code RumpProducer} takes a batch, and the next ones while its replies are due. {@code Target} is its server over
 *       cut connections and restarts; {@code BatchWriter} is the RESTORE pipeline; {@code PayloadVersions} knows which
 *       payloads need the footer of an older version; {@code ConflictResolver} tells our keys from foreign ones.
 *       {@code InFlightBatches} reads the replies on
 *       one thread and resumes the route on another.
 *   <li>A key that is too big for a DUMP, or whose payload the target does not take, goes in parts: {@code PartReader}
 *       reads it by {@code ElementReader} while a {@code KeyWatch} tells whether it changes, each {@link io.camelrump.run.PageData} carries one {@code KeyPart} of it or many whole
 *       ones, and {@code PartWriter} puts it together by {@code ElementWriter} under a name of {@code TemporaryKeys}.
 *   <li>In a live run a {@code ChangeListener} of each server hears which keys change and marks them in {@link io.camelrump.run.ChangeLog};
 *       {@code PageReader} reads those by turns with the scan, so that they take the same road. {@code ChangeFollower}
 *       closes gaps by another scan, looks by {@code TargetSweep} which of the target's keys are gone at the source, and
 *       finds the moment at which nothing waits; {@code SourceWatch} looks for what no news tell. {@code CheckpointWriter}
 *       notes how far a run is, for one that goes on later. What the path of a file leads to, and how it is written
 *       without harm to any other, {@link io.camelrump.OutputFile} knows.
 *   <li>{@code CompareProducer} takes the same pages to compare them ({@code routes/compare.camel.yaml}).
 *       {@code ComparedServer} is its server, one or the {@code MasterConnections} of a cluster; {@code Comparer} judges each key by
 *       what {@code TargetKeyReader} sees of it there, and by {@code ValueComparer} where only payloads differ, at the
 *       {@code OriginServer} too; {@code PageComparison} tells what is read again, and what is a
 *       {@link io.camelrump.Difference}.
 *   <li>{@code Receipt} collects the {@link io.camelrump.Outcome} of each key, and {@link io.camelrump.run.Run} keeps the
 *       books; {@code Meters} and {@code RunHealthCheck} show them to a host, {@code HostedRun} gives the run its name there,
 *       and {@link io.camelrump.RunEnd} says how it ended.
 * </ol>
 *
 * <p>What holds, whatever stands between consumer and producer:
 *
 * <ul>
 *   <li>A key counts as restored only if the target said OK to it: the end of an exchange proves nothing, a receipt is
 *       confirmed by answers alone. A page that failed is read again.
 *   <li>Few pages and bytes are in flight at once, because the reader waits for receipts, and not for queues.
 *   <li>Of two readings of one key the later one stands at the target.
 *   <li>To another process of a server a cursor, and an OK of the old one, mean nothing: the scan starts again.
 * </ul>
 *
 * <p>{@code DryRun} takes the place of {@code BatchWriter} in a dry run; {@code io.camelrump.check} asks
 * before a run whether both servers are ready.
 *
 * <p>{@code io.camelrump.redis} has the connection and reads and writes RESP; {@code io.camelrump.cli} is the command, built on
 * the public types alone.
 */
@NullMarked
package io.camelrump;

import org.jspecify.annotations.NullMarked;
