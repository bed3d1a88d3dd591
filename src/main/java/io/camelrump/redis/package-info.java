/**
 * A Redis connection that Jedis opens and this package then speaks on: RESP read and written straight on the socket,
 * which {@code Sockets} makes one of TLS ({@code Tls}) or of a Unix socket ({@code UnixSocket}).
 *
 * <p>Knows the wire and nothing of pages or Camel. Begin with {@code RedisConnection}; {@code ErrorReply} decides which
 * errors are transient, {@code ErrorText} has the words for a person.
 */
@NullMarked
package io.camelrump.redis;

import org.jspecify.annotations.NullMarked;
