/**
 * Looks before a run whether two servers are ready for it, and writes nothing to either.
 *
 * <p>Comes in: the addresses of both servers, and an {@link io.camelrump.needs.Intent}. Goes out: findings, and what to
 * do about them. {@link io.camelrump.check.Check} asks one class for each group of needs; each answers with
 * {@link io.camelrump.needs.Finding}s.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.check;

import org.jspecify.annotations.NullMarked;
