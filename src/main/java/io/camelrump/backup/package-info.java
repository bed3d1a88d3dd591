/**
 * Files, or standard input and output, in the place of servers: what a copy reads from one, and writes into one.
 *
 * <p>Comes in: bytes of a file, or pages of a run. Goes out: pages, as from a server; or a file, which is whole or says
 * by its name that it is not, and an answer for each key. Begin with {@link io.camelrump.backup.BackupSource}, which
 * reads, and {@link io.camelrump.backup.FileTarget}, which writes; {@code KeyOutput} knows a form, and
 * {@code FileInProgress} what becomes of the file.
 *
 * <p>Internal to the component: no compatibility of the classes is promised.
 */
@NullMarked
package io.camelrump.backup;

import org.jspecify.annotations.NullMarked;
