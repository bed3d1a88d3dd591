/**
 * The changes of a source that is being copied: notifications, the gaps between them, deletes, and the moment at which
 * nothing waits.
 *
 * <p>Comes in: CLIENT TRACKING of each server, or scans where there is none. Goes out: keys to be read again in
 * {@link io.camelrump.run.ChangeLog}, and drains that are done. Begin with {@link io.camelrump.live.ChangeFollower},
 * then {@link io.camelrump.live.ChangeListener}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.live;

import org.jspecify.annotations.NullMarked;
