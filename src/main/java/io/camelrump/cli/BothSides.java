package io.camelrump.cli;

import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.WritableServers;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a run will read and write, for the questions before it: each is connected to once, however many
 * questions there are. Belongs to one thread.
 */
final class BothSides implements AutoCloseable {
    private final RunPlan plan;
    private @Nullable OpenServers source;
    private @Nullable OpenServers target;

    /** Nothing is connected to before it is asked for. */
    BothSides(RunPlan plan) {
        this.plan = plan;
    }

    RunPlan plan() {
        return plan;
    }

    private OpenServers open(Address side, String prefix) throws IOException {
        return side.isFile()
                ? new OpenServers(List.of())
                : WritableServers.open(side.redis().address(), plan.mode(prefix));
    }

    /** The servers that take the writes of this side; none if it is a file. */
    OpenServers source() throws IOException {
        source = source == null ? open(plan.from(), RouteProperties.SOURCE) : source;
        return source;
    }

    OpenServers target() throws IOException {
        target = target == null ? open(plan.to(), RouteProperties.TARGET) : target;
        return target;
    }

    /**
     * The same; the one that was named alone where the others are not to be known: who may not ask for them may not
     * need them.
     */
    OpenServers sourceOrNamed() {
        source = orNamed(this::source, plan.from());
        return source;
    }

    OpenServers targetOrNamed() {
        target = orNamed(this::target, plan.to());
        return target;
    }

    private interface Opening {
        OpenServers open() throws IOException;
    }

    private static OpenServers orNamed(Opening all, Address side) {
        try {
            return all.open();
        } catch (IOException e) {
            throw ErrorText.failure(side.redis().address(), e);
        } catch (RedisException e) {
            if (e.isPermanent()) {
                // the run itself says why there is no such database as it wants
                return new OpenServers(List.of(side.redis().address().withDatabase(0)));
            }
            throw e;
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
        if (target != null) {
            target.close();
        }
    }
}
