/**
 * A Redis connection that Jedis opens and this package then speaks on: RESP read and written straight on the socket,
 * which {@code Sockets} makes one of TLS ({@code Tls}) or of a Unix socket ({@code UnixSocket}).
 *
 * <p>Comes in: the address of a server, and commands. Goes out: their replies, each checked as to type and range, and
 * what a server is and can do. Knows the wire and nothing of pages or Camel. Begin with {@code RedisConnection};
 * {@code ErrorReply} decides which errors are transient, {@code ErrorText} has the words for a person.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.redis;

import org.jspecify.annotations.NullMarked;
