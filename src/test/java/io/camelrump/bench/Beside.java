package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.function.Function;

/** A way while others use the source. */
record Beside(Function<RedisServer, Clients> others, Way way) implements Way {
    @Override
    public Measurement measure(TestBed bed) throws Exception {
        try (Clients clients = others.apply(bed.source())) {
            Measurement alone = way.measure(bed);
            return alone.beside(clients.end());
        }
    }

    /** The others change what is compared. */
    @Override
    public boolean leavesEqual() {
        return false;
    }
}
