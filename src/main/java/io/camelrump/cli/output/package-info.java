/**
 * Files that the command writes, and the form of its log.
 *
 * <p>Comes in: a document about a run, or keys that failed. Goes out: {@link io.camelrump.cli.output.DocumentFile} as
 * JSON or as a page, and {@link io.camelrump.cli.output.FailedKeys}, line by line.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cli.output;

import org.jspecify.annotations.NullMarked;
