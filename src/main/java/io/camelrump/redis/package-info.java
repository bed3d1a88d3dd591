/**
 * A Redis connection that Jedis opens and this package then speaks on: RESP read and written straight on the socket.
 *
 * <p>Knows the wire and nothing of pages or Camel.
 */
@NullMarked
package io.camelrump.redis;

import org.jspecify.annotations.NullMarked;
