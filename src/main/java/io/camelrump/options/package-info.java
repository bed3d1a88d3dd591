/**
 * The endpoint's options, by what they are about. Each class checks its own values, and is handed as it is to whoever
 * needs it: no option is copied.
 *
 * <p>Comes in: what a URI says, set by Camel's generated configurer, and as text seen by {@code OptionText} before.
 * Goes out: values that are in range. Begin with {@code ServerOptions}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.options;

import org.jspecify.annotations.NullMarked;
