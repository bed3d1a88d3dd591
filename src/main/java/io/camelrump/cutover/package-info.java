/**
 * How a live run is steered after its first copy, and how it ends.
 *
 * <p>Comes in: the {@link io.camelrump.run.Run}, its two sides ({@link io.camelrump.cutover.RunSides}), and wishes by
 * {@link io.camelrump.cutover.Steering}. Goes out: an {@link io.camelrump.CutoverResult}. Begin with
 * {@link io.camelrump.cutover.LiveCourse}: {@code VerifyingSweep} compares both sides beside the writers,
 * {@code CutoverRequest} says when it is time, and {@code Cutover} carries it out, by rounds of a drain, a comparison
 * ({@code CutoverScope}, {@code CutoverComparison}) and another drain, until {@code Doubts} are gone.
 * {@link io.camelrump.cutover.WritePause} holds up the writers meanwhile, and {@code SwitchOver} has the clients
 * switched before the run ends, or waits for a person where that may be half done.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cutover;

import org.jspecify.annotations.NullMarked;
