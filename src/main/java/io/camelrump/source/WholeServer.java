package io.camelrump.source;

import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import io.camelrump.shard.Share;
import java.util.BitSet;

/** Scope of a reader of a server as a whole, which is no cluster node or is read as if it were none. */
public final class WholeServer extends ReadScope {
    private static final BitSet ALL_SLOTS = Share.WHOLE.slots();

    private final SampleLimit sample;
    private final Share share;

    /** Scope of all keys. */
    public WholeServer(SampleLimit sample) {
        this(sample, Share.WHOLE);
    }

    /** @param share of the keys that are read, and of what belongs to the server */
    public WholeServer(SampleLimit sample, Share share) {
        this.sample = sample;
        this.share = share;
    }

    @Override
    public String id() {
        return "";
    }

    @Override
    boolean isNode() {
        return false;
    }

    @Override
    boolean isLost() {
        return false;
    }

    @Override
    boolean readsFunctions() {
        return share.isFirst();
    }

    @Override
    SampleLimit sample() {
        return sample;
    }

    @Override
    void prepare(ServerAddress address, RedisConnection connection, ServerInfo info) {
        SourceAdvice.refuseDetachedReplica(address, info);
    }

    @Override
    KeyList keep(KeyList names) {
        return share.keep(names);
    }

    @Override
    long expected(long keys) {
        return share.expected(keys, ALL_SLOTS);
    }

    @Override
    boolean wants(KeyList keys) {
        return true;
    }

    @Override
    boolean stray(byte[] key) {
        return false;
    }

    @Override
    CursorOrder order() {
        return CursorOrder.BITS;
    }

    @Override
    double share(long cursor) {
        return ScanFingerprint.share(cursor);
    }

    @Override
    void restartSample() {
        sample.restart();
    }

    @Override
    void wantAll() {
        // it always is
    }

    @Override
    void replaced(Run run, String reason) {
        run.restart(reason);
    }
}
