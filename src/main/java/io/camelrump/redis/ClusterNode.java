package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A node of a cluster, as a line of CLUSTER NODES describes it.
 *
 * @param id the same over restarts and changes of address
 * @param isMyself whether the node reported this of itself: others learn it later
 * @param isMaster whether it is a master that is not known to have failed
 * @param master id of its master; empty if it is none's replica, or is known to have failed
 * @param slots that it owns; not to be changed
 * @param open slots migrating from it or to it, which a node reports of itself alone; must not be changed
 * @see <a href="https://redis.io/docs/latest/commands/cluster-nodes/">CLUSTER NODES</a>
 */
public record ClusterNode(
        String id,
        String host,
        int port,
        boolean isMyself,
        boolean isMaster,
        String master,
        BitSet slots,
        BitSet open) {
    private static final int FIRST_SLOTS = 8;

    /** Asks a node for what it knows of itself and of the others. */
    public static List<ClusterNode> of(RedisConnection node) throws IOException {
        Object reply = node.text("CLUSTER", "NODES");
        if (reply instanceof ErrorReply error) {
            throw ErrorText.refusal(node.address(), "CLUSTER NODES", error);
        }
        String text = reply instanceof byte[] reported ? new String(reported, StandardCharsets.ISO_8859_1) : "";
        return parse(text, node.address().host(), node.address().tls() != null);
    }

    /**
     * @param asked the host of the node that was asked, for nodes reported without one
     * @param byName whether a node that has a name is known by that, as its certificate is likely to be
     */
    static List<ClusterNode> parse(String text, String asked, boolean byName) throws IOException {
        List<ClusterNode> nodes = new ArrayList<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String[] words = line.trim().split(" ");
            if (words.length >= FIRST_SLOTS) {
                nodes.add(node(words, asked, byName));
            }
        }
        return nodes;
    }

    private static ClusterNode node(String[] words, String asked, boolean byName) throws IOException {
        // host:port@bus-port,name; below 7.0 without the name, and below 4.0 without what begins at the @
        String[] reported = words[1].split(",");
        String place = reported[0].split("@")[0];
        int colon = place.lastIndexOf(':');
        boolean isNamed = byName && reported.length > 1 && !reported[1].isEmpty() && reported[1].indexOf('=') < 0;
        String host = isNamed ? reported[1] : place.substring(0, Math.max(0, colon));
        List<String> flags = List.of(words[2].split(","));
        BitSet slots = new BitSet(Slot.COUNT);
        BitSet open = new BitSet(Slot.COUNT);
        for (int i = FIRST_SLOTS; i < words.length; i++) {
            if (words[i].startsWith("[")) {
                open.set(slot(words[i].substring(1, words[i].indexOf('-'))));
            } else {
                String[] range = words[i].split("-");
                slots.set(slot(range[0]), slot(range[range.length - 1]) + 1);
            }
        }
        return new ClusterNode(
                words[0],
                host.isEmpty() ? asked : host,
                Integer.parseInt(place.substring(colon + 1)),
                flags.contains("myself"),
                flags.contains("master") && !flags.contains("fail"),
                flags.contains("slave") && !flags.contains("fail") ? words[3] : "",
                slots,
                open);
    }

    private static int slot(String digits) throws IOException {
        return Slot.named(Long.parseLong(digits));
    }

    /** Host and port. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
