package io.camelrump;

import io.camelrump.options.CompareOptions;
import io.camelrump.options.SentinelOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TlsOptions;
import io.camelrump.redis.KnownNodes;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.WritableServers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A server that takes part in a live run, by the endpoint that names it. */
record EndpointSide(RumpEndpoint endpoint, KnownNodes nodes) {
    static EndpointSide of(RumpEndpoint endpoint) {
        return new EndpointSide(
                endpoint,
                new KnownNodes(endpoint.address(), endpoint.getServerOptions().getMode()));
    }

    /** Its servers that take writes, for questions that none of them may leave open for longer. */
    List<ServerAddress> servers(Duration most) throws IOException {
        return WritableServers.of(
                        nodes.reachable().within(most),
                        endpoint.getServerOptions().getMode())
                .servers();
    }

    /** Connects to these. */
    OpenServers open() throws IOException {
        return WritableServers.open(
                nodes.reachable(), endpoint.getServerOptions().getMode());
    }

    /** An endpoint for the same server, by a node that answers now. */
    EndpointCopy copy(Duration retryFor) {
        EndpointCopy copy = new EndpointCopy(endpoint)
                .take(endpoint, ServerOptions.class, TlsOptions.class, SentinelOptions.class)
                .take(endpoint, CompareOptions.class)
                .set("repair", false)
                .set("retryFor", shorter(endpoint.getServerOptions().getRetryFor(), retryFor));
        ServerAddress node = nodes.reachable();
        return node.sentinels() == null ? copy.set("host", node.host()).set("port", node.port()) : copy;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
