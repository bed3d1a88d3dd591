/**
 * One value by the commands of its type, for keys that are too big for a DUMP or whose payload a target does not take.
 *
 * <p>Comes in: a key at the source. Goes out: its elements in parts of bounded size, written to a temporary key;
 * {@code KeyWatch} shows whether the key changed. Begin with {@link io.camelrump.values.ElementReader} and
 * {@link io.camelrump.values.ElementWriter}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.values;

import org.jspecify.annotations.NullMarked;
