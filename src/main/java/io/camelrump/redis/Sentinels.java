package io.camelrump.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Sentinels that report where a master is.
 *
 * @param nodes at least one
 * @param masterName what they call the master
 * @param logIn user and password of the sentinels, and not of the master
 * @see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">Guidelines for Sentinel clients</a>
 */
public record Sentinels(List<HostAndPort> nodes, String masterName, LogIn logIn) {
    private static final int DEFAULT_PORT = 26_379;

    public Sentinels {
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(masterName, "masterName is null");
        Objects.requireNonNull(logIn, "logIn is null");
    }

    /** Reads {@code host[:port][,host[:port]...]}, an IPv6 address in brackets; null if the text is no such list. */
    public static @Nullable List<HostAndPort> nodes(String text) {
        List<HostAndPort> nodes = new ArrayList<>();
        for (String node : text.split(",", -1)) {
            HostAndPort parsed = node(node.trim());
            if (parsed == null) {
                return null;
            }
            nodes.add(parsed);
        }
        return nodes;
    }

    private static @Nullable HostAndPort node(String text) {
        int close = text.startsWith("[") ? text.indexOf(']') : 0;
        int colon = close < 0 ? -1 : text.indexOf(':', close);
        String host = colon < 0 ? text : text.substring(0, colon);
        String bare = close > 0 && host.length() == close + 1 ? host.substring(1, close) : host;
        if (close < 0 || !bare.matches(close > 0 ? "[0-9A-Fa-f:.%]+" : "[^\\s:/\\[\\]@]+")) {
            return null;
        }
        int port = DEFAULT_PORT;
        if (colon >= 0) {
            String digits = text.substring(colon + 1);
            if (!digits.matches("\\d{1,5}")) {
                return null;
            }
            port = Integer.parseInt(digits);
        }
        return port < 1 || port > ServerAddress.HIGHEST_PORT ? null : new HostAndPort(bare, port);
    }

    /** The sentinels alone, as {@link #nodes(String)} reads them. */
    public String places() {
        return nodes.stream().map(Sentinels::place).collect(Collectors.joining(","));
    }

    private static String place(HostAndPort node) {
        String host = node.getHost();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + node.getPort();
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "redis-sentinel://" + places() + "/" + masterName;
    }
}
