/**
 * Pages compared with what a server holds, looked up there, repaired or pruned.
 *
 * <p>Comes in: the pages that a copy would restore. Goes out: differences in the run's books, each looked at
 * several times; repairs and deletes where they are wanted. Begin with {@link io.camelrump.compare.ComparedServer},
 * then {@code Comparer} for one page.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.compare;

import org.jspecify.annotations.NullMarked;
