package io.camelrump;

import io.camelrump.redis.Sentinels;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** What an endpoint's options say of where its server is, read once at its start. */
final class SentinelOptions {
    private SentinelOptions() {}

    /** Null where host and port tell it. */
    static @Nullable Sentinels load(RumpEndpoint endpoint) {
        String text = endpoint.getSentinels();
        String name = endpoint.getMasterName();
        String host = endpoint.getHost();
        if (text == null) {
            if (name != null || endpoint.getSentinelUsername() != null || endpoint.getSentinelPassword() != null) {
                throw OptionText.wrong(
                        "sentinels", "", "host:port of each, where masterName or a log-in of sentinels is given");
            }
            if (host == null || host.isBlank()) {
                throw OptionText.wrong("host", host, "the name or address of the server, unless sentinels are given");
            }
            return null;
        }
        if (host != null) {
            throw OptionText.wrong("host", host, "left out where sentinels tell it");
        }
        if (name == null || name.isBlank()) {
            throw OptionText.wrong("masterName", name, "what the sentinels call the master");
        }
        List<HostAndPort> nodes = Sentinels.nodes(text);
        if (nodes == null) {
            throw OptionText.wrong("sentinels", text, "host:port of each, with commas between");
        }
        return new Sentinels(nodes, name, endpoint.getSentinelUsername(), endpoint.getSentinelPassword());
    }
}
