package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which masters of a cluster own which slots, as one of its nodes sees it at one time.
 *
 * @param shards in the order of their first slots; none of them is empty
 * @see <a href="https://redis.io/docs/latest/commands/cluster-slots/">CLUSTER SLOTS</a>
 */
public record ClusterTopology(List<Shard> shards) {
    private static final int FIRST_NODE = 2;

    /**
     * A node of a cluster.
     *
     * @param id the same over restarts and changes of address; empty below Redis 4.0
     */
    public record Node(String id, String host, int port) {

        /** Host and port. */
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A master, its replicas, and the slots that it owns.
     *
     * @param slots not to be changed
     */
    public record Shard(Node master, List<Node> replicas, BitSet slots) {
        public Shard {
            replicas = List.copyOf(replicas);
        }

        /** The master, and how many slots it owns. */
        @Override
        public String toString() {
            return master + " with " + slots.cardinality() + " slots";
        }
    }

    public ClusterTopology {
        shards = List.copyOf(shards);
    }

    /** Asks a node of the cluster. */
    public static ClusterTopology of(RedisConnection node) throws IOException {
        Object reply = node.call("CLUSTER", "SLOTS");
        if (reply instanceof ErrorReply error) {
            throw ErrorText.refusal(node.address(), "CLUSTER SLOTS", error);
        }
        if (!(reply instanceof List<?>)) {
            throw new ReplyException("CLUSTER SLOTS", reply, "a list of slots");
        }
        return parse(RedisConnection.list(reply), node.address().host());
    }

    /** @param asked the host of the node that was asked, for nodes reported without one */
    static ClusterTopology parse(List<@Nullable Object> ranges, String asked) throws IOException {
        Map<Node, Shard> shards = new LinkedHashMap<>();
        for (Object reported : ranges) {
            List<@Nullable Object> range = list(reported, FIRST_NODE + 1, reported);
            List<Node> nodes = new ArrayList<>();
            for (Object node : range.subList(FIRST_NODE, range.size())) {
                nodes.add(node(list(node, 2, reported), asked, reported));
            }
            int first = number(range.get(0), Slot.COUNT - 1, reported);
            int last = number(range.get(1), Slot.COUNT - 1, reported);
            if (first > last) {
                throw wrong(reported);
            }
            Node master = nodes.get(0);
            shards.computeIfAbsent(master, owner -> new Shard(owner, nodes.subList(1, nodes.size()), new BitSet()))
                    .slots()
                    .set(first, last + 1);
        }
        return new ClusterTopology(List.copyOf(shards.values()));
    }

    private static ReplyException wrong(@Nullable Object range) {
        return new ReplyException("CLUSTER SLOTS", range, "slots from 0 to " + (Slot.COUNT - 1) + " and their nodes");
    }

    /** @param range that it belongs to */
    private static List<@Nullable Object> list(@Nullable Object reported, int least, @Nullable Object range)
            throws IOException {
        if (!(reported instanceof List<?> list) || list.size() < least) {
            throw wrong(range);
        }
        return RedisConnection.list(list);
    }

    private static Node node(List<@Nullable Object> node, String asked, @Nullable Object range) throws ReplyException {
        String host = node.get(0) instanceof byte[] reported ? text(reported) : "";
        String id = node.size() > 2 && node.get(2) instanceof byte[] reported ? text(reported) : "";
        // a node reports no host while it does not know its own, and where clients are to use the one they know
        return new Node(
                id,
                host.isEmpty() || host.equals("?") ? asked : host,
                number(node.get(1), ServerAddress.HIGHEST_PORT, range));
    }

    private static int number(@Nullable Object reply, int most, @Nullable Object range) throws ReplyException {
        if (reply instanceof Long number && number >= 0 && number <= most) {
            return number.intValue();
        }
        throw wrong(range);
    }

    private static String text(byte[] reported) {
        return ShownText.of(new String(reported, StandardCharsets.ISO_8859_1));
    }

    /** All of them; masters come first. */
    public List<Node> nodes() {
        return Stream.concat(
                        shards.stream().map(Shard::master), shards.stream().flatMap(shard -> shard.replicas().stream()))
                .toList();
    }

    /** The shard that owns the slot; null if none does. */
    public @Nullable Shard owner(int slot) {
        return shards.stream()
                .filter(shard -> shard.slots().get(slot))
                .findFirst()
                .orElse(null);
    }

    /** Index of each slot's owner among the shards; -1 if it has none. */
    public int[] owners() {
        int[] owners = new int[Slot.COUNT];
        Arrays.fill(owners, -1);
        for (int i = 0; i < shards.size(); i++) {
            int place = i;
            shards.get(i).slots().stream().forEach(slot -> owners[slot] = place);
        }
        return owners;
    }

    /** Whether every slot has an owner. */
    public boolean isWhole() {
        return shards.stream().mapToInt(shard -> shard.slots().cardinality()).sum() == Slot.COUNT;
    }

    /**
     * The shard of an earlier time whose master was replaced by this one, as a failover does it; null where the slots
     * came, if any did, from masters that stay: those give their keys away before the slots.
     */
    public @Nullable Shard replacedBy(Shard shard, ClusterTopology before) {
        boolean wasMaster = before.isMaster(shard.master());
        for (Shard then : before.shards) {
            boolean tookSlots = then.slots().intersects(shard.slots()) && !isSame(then.master(), shard.master());
            boolean wasReplica = then.replicas().stream().anyMatch(replica -> isSame(replica, shard.master()));
            if (tookSlots && (wasReplica || !wasMaster && !isMaster(then.master()))) {
                return then;
            }
        }
        return null;
    }

    /** Whether every slot has the same owner as there. */
    public boolean hasOwnersOf(ClusterTopology other) {
        return shards.size() == other.shards.size()
                && shards.stream().allMatch(shard -> other.shards.stream()
                        .anyMatch(then -> isSame(then.master(), shard.master())
                                && then.slots().equals(shard.slots())));
    }

    /** Whether the node at this address is a master that owns slots. */
    boolean isMaster(ServerAddress node) {
        return shards.stream()
                .map(Shard::master)
                .anyMatch(
                        master -> master.port() == node.port() && master.host().equals(node.host()));
    }

    private boolean isMaster(Node node) {
        return shards.stream().anyMatch(shard -> isSame(shard.master(), node));
    }

    private static boolean isSame(Node one, Node other) {
        return one.id().isEmpty()
                ? one.toString().equals(other.toString())
                : one.id().equals(other.id());
    }

    /** The slots whose owner, by id, is another one here than before, and those that have none. */
    public BitSet movedSince(ClusterTopology before) {
        BitSet moved = new BitSet(Slot.COUNT);
        moved.set(0, Slot.COUNT);
        for (Shard now : shards) {
            for (Shard then : before.shards) {
                if (now.master().id().equals(then.master().id())) {
                    BitSet kept = (BitSet) now.slots().clone();
                    kept.and(then.slots());
                    moved.andNot(kept);
                }
            }
        }
        return moved;
    }
}
