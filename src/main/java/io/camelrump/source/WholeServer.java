package io.camelrump.source;

import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;

/** Scope of a reader that reads all keys of a server, which is no cluster node or is read as if it were none. */
public final class WholeServer extends ReadScope {
    private final SampleLimit sample;

    public WholeServer(SampleLimit sample) {
        this.sample = sample;
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
        return true;
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
        return names;
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
