package io.camelrump.cli;

import org.jspecify.annotations.Nullable;

/**
 * Keys of a live run whose equality was looked at.
 *
 * @param before keys of the source that were compared beside its writers; null if none were
 * @param atCutover keys that the last round of the cutover compared
 */
record VerifiedKeys(@Nullable Long before, long atCutover) {}
