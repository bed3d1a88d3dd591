package io.camelrump.reading;

import io.camelrump.keys.KeyMapping;
import io.camelrump.options.OptionSet;
import io.camelrump.redis.ServerAddress;
import java.util.function.Supplier;

/**
 * The endpoint that a consumer reads, once its options are checked.
 *
 * @param migration name of the run
 * @param at gives the address of the server
 * @param mapping which of its keys are read, and where they go
 */
public record ReadEndpoint(String migration, OptionSet options, Supplier<ServerAddress> at, KeyMapping mapping) {

    ServerAddress address() {
        return at.get();
    }
}
