package io.camelrump.reading;

import io.camelrump.files.FileAddress;
import io.camelrump.keys.KeyMapping;
import io.camelrump.options.OptionSet;
import io.camelrump.redis.ServerAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint that a consumer reads, once its options are checked.
 *
 * @param migration name of the run
 * @param at gives the address of the server
 * @param mapping which of its keys are read, and where they go
 * @param file that is read instead of a server; null where it is a server
 */
public record ReadEndpoint(
        String migration,
        OptionSet options,
        Supplier<ServerAddress> at,
        KeyMapping mapping,
        @Nullable FileAddress file) {

    ServerAddress address() {
        return at.get();
    }
}
