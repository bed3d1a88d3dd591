/**
 * A file, or standard input and output, in the place of a server.
 *
 * <p>Comes in: bytes of a file. Goes out: pages, as from a server. Begin with {@link io.camelrump.backup.BackupSource},
 * which reads.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.backup;

import org.jspecify.annotations.NullMarked;
