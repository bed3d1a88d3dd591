/**
 * The end of a live run: its writers may be held up, so that the last changes arrive.
 *
 * <p>Comes in: the source by a node that answers now. Goes out: how long the writes there stood still.
 * {@link io.camelrump.cutover.WritePause} holds them up, with a {@code PausedServer} for each server that takes them,
 * and {@code WaitingWriters} are the clients that wait there.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cutover;

import org.jspecify.annotations.NullMarked;
