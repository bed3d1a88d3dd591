package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    /** One slot, several, or one that is migrating: {@code [12->-id]} or {@code [12-<-id]}. */
    private static final Pattern SLOTS = Pattern.compile("(?:(\\[)(?=.+-[<>]-))?(\\d{1,5})(?:-(\\d{1,5})|-[<>]-.*)?");

    /** Asks a node for what it knows of itself and of the others. */
    public static List<ClusterNode> of(RedisConnection node) throws IOException {
        Object reply = new ServerQueries(node).text("CLUSTER", "NODES");
        if (reply instanceof ErrorReply error) {
            throw ErrorText.refusal(node.address(), "CLUSTER NODES", error);
        }
        if (!(reply instanceof byte[] reported)) {
            throw new ReplyException("CLUSTER NODES", reply, "a line for each node");
        }
        return parse(
                new String(reported, StandardCharsets.ISO_8859_1),
                node.address().host(),
                node.address().tls() != null);
    }

    /**
     * @param asked the host of the node that was asked, for nodes reported without one
     * @param byName whether a node that has a name is known by that, as its certificate is likely to be
     */
    static List<ClusterNode> parse(String text, String asked, boolean byName) throws ReplyException {
        List<ClusterNode> nodes = new ArrayList<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String shown = ShownText.of(line.trim());
            String[] words = shown.split(" ");
            if (words.length >= FIRST_SLOTS) {
                nodes.add(node(words, asked, byName));
            } else if (!shown.isEmpty()) {
                throw wrong(shown, "a node in each line");
            }
        }
        return nodes;
    }

    private static ReplyException wrong(String words, String expected) {
        return new ReplyException("CLUSTER NODES", (Object) words, expected);
    }

    private static ClusterNode node(String[] words, String asked, boolean byName) throws ReplyException {
        // host:port@bus-port,name; below 7.0 without the name, and below 4.0 without what begins at the @
        String[] reported = words[1].split(",", -1);
        String place = reported[0].split("@", -1)[0];
        int colon = place.lastIndexOf(':');
        int port = ServerAddress.port(place.substring(colon + 1));
        if (port < 0) {
            throw wrong(words[1], "host:port");
        }
        boolean isNamed = byName && reported.length > 1 && !reported[1].isEmpty() && reported[1].indexOf('=') < 0;
        String host = isNamed ? reported[1] : place.substring(0, Math.max(0, colon));
        List<String> flags = List.of(words[2].split(","));
        BitSet slots = new BitSet(Slot.COUNT);
        BitSet open = new BitSet(Slot.COUNT);
        for (int i = FIRST_SLOTS; i < words.length; i++) {
            Matcher range = SLOTS.matcher(words[i]);
            int first = range.matches() ? Integer.parseInt(range.group(2)) : Slot.COUNT;
            int last = range.matches() && range.group(3) != null ? Integer.parseInt(range.group(3)) : first;
            if (first > last || last >= Slot.COUNT) {
                throw wrong(words[i], "slots from 0 to " + (Slot.COUNT - 1));
            }
            (range.group(1) == null ? slots : open).set(first, last + 1);
        }
        return new ClusterNode(
                words[0],
                host.isEmpty() ? asked : host,
                port,
                flags.contains("myself"),
                flags.contains("master") && !flags.contains("fail"),
                flags.contains("slave") && !flags.contains("fail") ? words[3] : "",
                slots,
                open);
    }

    /** Host and port. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
