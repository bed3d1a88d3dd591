/** Online Redis migration as Camel routes. */
@NullMarked
package io.camelrump;

import org.jspecify.annotations.NullMarked;
