/**
 * Files that a run or the command writes, each of them whole or, like a pipe, in place.
 *
 * <p>Comes in: a path as it was given, and a content. Goes out: what the path leads to, why it cannot be written, and
 * the file. {@link io.camelrump.files.OutputFile} is such a file, and {@link io.camelrump.files.FileAddress} names one
 * that stands where a server could.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.files;

import org.jspecify.annotations.NullMarked;
