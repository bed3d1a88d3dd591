/**
 * The process of the command: the words that it was started with, the signals that it takes, its last words, and its
 * exit code.
 *
 * <p>Comes in: arguments, signals and exceptions. Goes out: {@link io.camelrump.cli.process.ExitCode}, and sentences
 * for a person. Begin with {@link io.camelrump.cli.process.StopSignals}.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cli.process;

import org.jspecify.annotations.NullMarked;
