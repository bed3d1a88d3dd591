package io.camelrump;

import org.jspecify.annotations.Nullable;

/**
 * Which keys to take, beyond what SCAN itself can tell apart. Keys left out count as filtered.
 *
 * @param names null if every name is taken
 */
record KeySelection(@Nullable KeyNames names) {}
