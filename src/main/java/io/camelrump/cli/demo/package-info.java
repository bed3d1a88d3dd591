/**
 * Two servers with sample data, for {@code rump demo} and for the rehearsal that makes a start faster.
 *
 * <p>Goes out: servers that run until the process ends. Begin with {@link io.camelrump.cli.demo.DemoServers};
 * {@code StandIn} answers where no Redis is there.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.cli.demo;

import org.jspecify.annotations.NullMarked;
