/**
 * RESTORE: from pages to a server, or to the masters of a cluster, with the reply to every key read.
 *
 * <p>Comes in: pages of keys, from the producer. Goes out: the outcome of each key, entered in its page's receipt.
 * Begin with {@code Targets} (which keys go where), {@code Target} and {@code PageWriter} (one server),
 * {@code BatchWriter} (one pipeline), and {@code SlotRedirects} for slots that move. {@code TargetConnection} waits for
 * a lost server, {@code TargetProcess} finds that another one answers, and {@code LastReadWins} orders two readings of
 * a key.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.target;

import org.jspecify.annotations.NullMarked;
