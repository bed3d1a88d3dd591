/**
 * From one server to pages: SCAN, queries about keys, expiry and DUMP in one pipeline, over cut connections and
 * restarts.
 *
 * <p>Comes in: a {@code ScanPlan}, keys that changed or must be read again. Goes out: pages of
 * {@link io.camelrump.run.PageData}, and the position up to which everything was read. Begin with
 * {@link io.camelrump.source.SourceReader}, then {@code PageReader}, the pipeline: {@code KeyIntake} and
 * {@code DumpRequests} ask, {@code ReplyDispatch} reads. {@code SourceConnection} waits for a lost server, and
 * {@code ScanStart} decides where the scan begins, resumes or restarts.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.source;

import org.jspecify.annotations.NullMarked;
