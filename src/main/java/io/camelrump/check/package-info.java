/**
 * Looks before a run whether two servers are ready for it, and writes nothing to either.
 *
 * <p>{@link io.camelrump.check.Check} asks one class for each group of needs; each answers with
 * {@link io.camelrump.check.Finding}s.
 */
@NullMarked
package io.camelrump.check;

import org.jspecify.annotations.NullMarked;
