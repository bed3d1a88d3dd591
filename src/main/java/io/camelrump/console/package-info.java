/**
 * Standard error: a terminal with a line of progress at its end, or a collector that takes one JSON object a line.
 *
 * <p>Comes in: lines of the log and of the command, and what the line of progress says now. Goes out: the same, in an
 * order in which nothing collides. Begin with {@link io.camelrump.console.Screen}, whose line
 * {@link io.camelrump.console.FittedLine} cuts to the width of the terminal; {@link io.camelrump.console.JsonLog} is
 * the other form.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.console;

import org.jspecify.annotations.NullMarked;
