/**
 * The same pages, compared with what a target holds, and repaired or pruned where that is wanted.
 *
 * <p>Comes in: pages of keys, from the producer. Goes out: an outcome for each key, and the differences found. Begin
 * with {@code PageComparisons} (exchanges, in their order), {@code ComparedServer}, {@code Comparer} (a page),
 * {@code ValueComparer} (values whose payloads differ) and {@code Repairs}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.compare;

import org.jspecify.annotations.NullMarked;
