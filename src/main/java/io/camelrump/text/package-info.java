/**
 * How people write what they set: sizes, several values in one text, and names with a slip in them.
 *
 * <p>Comes in: the text of an option, of a flag, or of a bean's property. Goes out: its value, or the name that was
 * probably meant. Each class is on its own; begin with {@link io.camelrump.text.OptionLines}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.text;

import org.jspecify.annotations.NullMarked;
