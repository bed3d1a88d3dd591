/**
 * The command {@code rump}: reads the command line, runs the routes in Camel Main, shows progress, counts and an exit
 * code. It uses the component's public types, the checks before a run, and the wire.
 *
 * <p>Reading order: {@link io.camelrump.cli.Rump} (start), {@link io.camelrump.cli.RumpCommand} (flags),
 * {@link io.camelrump.cli.RunRoutes} (whose routes), {@link io.camelrump.cli.Migration} (one run).
 *
 * <p>Its parts are packages below this one, which know nothing of it: {@code process}, {@code flags}, {@code output},
 * and {@code demo}.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cli;

import org.jspecify.annotations.NullMarked;
