/**
 * How far a run is, as text: written down each second, and read back by the run that resumes it.
 *
 * <p>Comes in: positions of the scan, counts, identities of both servers. Goes out: a
 * {@link io.camelrump.checkpoint.Checkpoint}, or the reason why an earlier one does not fit; locks that keep two runs
 * apart. Begin with {@link io.camelrump.checkpoint.Checkpoint}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.checkpoint;

import org.jspecify.annotations.NullMarked;
