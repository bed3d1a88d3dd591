/**
 * What a run needs of its two servers and of the users by whom it works there: known before the first key, and asked
 * for again before a cutover holds up any writer.
 *
 * <p>Comes in: what the run is meant to do, an {@link io.camelrump.needs.Intent}. Goes out: the commands it sends
 * ({@link io.camelrump.needs.RunPermissions}), a {@link io.camelrump.needs.Finding}, or an error with the rules to add.
 * Begin with {@link io.camelrump.needs.RequiredRights}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.needs;

import org.jspecify.annotations.NullMarked;
