/**
 * The flags of the command, by groups, and the addresses of both sides: what a person typed becomes properties of the
 * routes.
 *
 * <p>Comes in: what picocli has parsed. Goes out: values with their units, objections to flags that exclude each other,
 * and {@link io.camelrump.cli.flags.RouteProperties}. Begin with {@link io.camelrump.cli.flags.FlagGroup}: each other
 * class whose name ends in {@code Flags} is one.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cli.flags;

import org.jspecify.annotations.NullMarked;
