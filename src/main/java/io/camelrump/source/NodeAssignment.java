package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.Slot;
import io.camelrump.run.Run;
import io.camelrump.values.KeyWatch;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assignment of one cluster node to its reader: which slots it reads, which of their keys changed, and which it did not
 * find there.
 */
public final class NodeAssignment extends ReadScope {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAssignment.class);

    private final String id;
    private final boolean isReplica;
    private final boolean readsFunctions;
    private final SampleLimit sample;
    private final BooleanSupplier lost;
    private final LongUnaryOperator expected;
    private BitSet wanted = new BitSet(Slot.COUNT);
    private BitSet strayed = new BitSet(Slot.COUNT);
    /** All that were wanted by now, or were read by an earlier run. */
    private final BitSet own = new BitSet(Slot.COUNT);

    private CursorOrder order = CursorOrder.BITS;
    private Checkpoint.@Nullable SourceState resumed;
    /** Slots that an earlier run read to their end. */
    private BitSet done = new BitSet(Slot.COUNT);

    private KeyList changed = KeyList.of();
    private KeyList suspects = KeyList.of();

    /**
     * @param id of the master
     * @param isReplica whether a replica of the master is read in its place
     * @param readsFunctions whether the functions are read from this one: each node has them all
     * @param sample of all nodes together
     * @param lost whether the cluster has given up the node, or has given all its slots to others
     * @param expected how many keys are read of those that the node holds
     */
    public NodeAssignment(
            String id,
            boolean isReplica,
            boolean readsFunctions,
            SampleLimit sample,
            BooleanSupplier lost,
            LongUnaryOperator expected) {
        this.id = id;
        this.isReplica = isReplica;
        this.readsFunctions = readsFunctions;
        this.sample = sample;
        this.lost = lost;
        this.expected = expected;
    }

    @Override
    public String id() {
        return id;
    }

    public boolean isReplica() {
        return isReplica;
    }

    @Override
    boolean isNode() {
        return true;
    }

    @Override
    boolean readsFunctions() {
        return readsFunctions;
    }

    @Override
    SampleLimit sample() {
        return sample;
    }

    @Override
    boolean isLost() {
        return lost.getAsBoolean();
    }

    /** From the next SCAN on names in these slots alone are taken: another node is read for the others. */
    public void want(BitSet slots) {
        wanted = (BitSet) slots.clone();
        own.or(slots);
    }

    /** Slots of the present scan. */
    public BitSet wanted() {
        return (BitSet) wanted.clone();
    }

    void order(CursorOrder known) {
        order = known;
    }

    @Override
    CursorOrder order() {
        return order;
    }

    @Override
    long expected(long keys) {
        return expected.applyAsLong(keys);
    }

    @Override
    double share(long cursor) {
        return order.share(cursor, wanted);
    }

    @Override
    boolean wants(KeyList keys) {
        return keys.size() == 0 || IntStream.range(0, keys.size()).anyMatch(i -> wants(keys, i));
    }

    private boolean wants(KeyList keys, int i) {
        return wanted.get(Slot.of(keys.array(), keys.offset(i), keys.length(i)));
    }

    /** Lets a replica answer for the slots of its master, and says what it leaves to that. */
    @Override
    void prepare(ServerAddress address, RedisConnection connection, ServerInfo info) throws IOException {
        if (connection.call("READONLY") instanceof ErrorReply error) {
            throw ErrorText.refusal(address, "READONLY", error);
        }
        int slot = wanted.nextSetBit(0);
        if (isReplica && slot >= 0 && KeyWatch.isLeftToMaster(connection, Slot.tag(slot))) {
            LOG.warn(
                    "Source {} is a replica that does not support WATCH, as below Redis 6.2: keys copied in parts are read from its master",
                    address);
        }
    }

    // --- where an earlier run ended ---

    /** Resumes the scan there. */
    public void resume(NodeResume left) {
        want(left.going());
        resumed = left.at();
        done = left.done();
        own.or(done);
    }

    Checkpoint.@Nullable SourceState resumed() {
        return resumed;
    }

    /** Scans everything again, as the node is another process than the one of then. */
    void startOver() {
        resumed = null;
        strayed.or(done);
    }

    @Override
    KeyList keep(KeyList keys) {
        int[] kept = IntStream.range(0, keys.size()).filter(i -> wants(keys, i)).toArray();
        return kept.length == keys.size() ? keys : keys.select(kept);
    }

    @Override
    boolean stray(byte[] key) {
        strayed.set(Slot.of(key));
        return true;
    }

    @Override
    void replaced(Run run, String reason) {
        run.sources().nodeRestarted(reason);
    }

    @Override
    void restartSample() {
        // the reader of the cluster begins it anew, for all nodes
    }

    @Override
    void wantAll() {
        wanted = (BitSet) own.clone();
        changed = KeyList.of();
        suspects = KeyList.of();
    }

    /** Slots of keys that were not found here since the last call. */
    public BitSet takeStrayed() {
        BitSet taken = strayed;
        strayed = new BitSet(Slot.COUNT);
        return taken;
    }

    // --- keys that changed: each is read once more, and those that may have ---

    public void changed(KeyList keys) {
        changed = changed.with(keys);
    }

    public void suspect(KeyList keys) {
        suspects = suspects.with(keys);
    }

    public int changesWaiting() {
        return changed.size() + suspects.size();
    }

    KeyList takeChanged(int most) {
        KeyList taken = changed.slice(0, Math.min(most, changed.size()));
        changed = changed.slice(taken.size(), changed.size());
        return taken;
    }

    KeyList takeSuspects(int most) {
        KeyList taken = suspects.slice(0, Math.min(most, suspects.size()));
        suspects = suspects.slice(taken.size(), suspects.size());
        return taken;
    }
}
