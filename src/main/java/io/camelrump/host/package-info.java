/**
 * The Camel context that the routes run in, and its Main: how it starts and how it ends.
 *
 * <p>Comes in: producers whose routes wait to be started, and what the runs have come to. Goes out: producers that are
 * open when their pages come, and the exit code of a process whose job is a run. Begin with
 * {@link io.camelrump.host.ProducerStart}, then {@link io.camelrump.host.JobExit}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.host;

import org.jspecify.annotations.NullMarked;
