package io.camelrump.cli;

import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Whether the target's names must be looked up at the source, to find keys that only the target has. Not if both sides
 * hold equally many keys, each of the source's was found at the target, and neither was written to meanwhile: then
 * counting has shown it, at no cost for the source.
 *
 * <p>So where both hold equally many at first, the route that reads the names waits for the end of the comparison.
 */
final class NamesAtTarget implements AutoCloseable {
    /** Route of the built-in file that reads them. */
    private static final String ROUTE = "read-names-to-look-up";
    /** The run of that route. */
    private static final String MIGRATION = "compare-extra";

    /** With these the keys compared need not be those that INFO counts, or a name may stand for several keys. */
    private static final Set<String> NOT_COUNTED =
            Set.of("keys-from", "rename", "map-db", "read-from", "sample", "shard");

    private final BothSides sides;
    private final boolean countable;
    private @Nullable Contents source;
    private @Nullable Contents target;
    private volatile boolean heldBack;
    private volatile boolean counted;

    NamesAtTarget(RunPlan plan) {
        this.sides = new BothSides(plan);
        this.countable = plan.isBetweenServers()
                && plan.comparison().files().stream().noneMatch(RouteFile::isOwn)
                && plan.properties().keySet().stream()
                        .noneMatch(name -> NOT_COUNTED.contains(name.substring(name.lastIndexOf('.') + 1)));
    }

    /** Holds the route back, if it may not be needed. */
    void holdBack(CamelContext context) {
        RouteDefinition route =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(ROUTE);
        if (countable && route != null && holdEquallyMany()) {
            heldBack = true;
            route.setAutoStartup("false");
        }
    }

    private boolean holdEquallyMany() {
        try {
            source = Contents.of(sides.source());
            target = source == null ? null : Contents.of(sides.target());
            return source != null
                    && target != null
                    && source.keys() == target.keys()
                    // a source that is written to now will have been in the end: both directions go side by side then
                    && source.equals(Contents.of(sides.source()));
        } catch (IOException | RedisException e) {
            // the run itself meets that server, and waits for it
            return false;
        }
    }

    /** Whether this ledger is that of the route, which does not run, or not yet. */
    boolean isHeldBack(Ledger ledger) {
        return heldBack && ledger.migration().equals(MIGRATION);
    }

    /** Whether counting has shown that the target holds no other keys. */
    boolean areCounted() {
        return counted;
    }

    /** Starts the route after all, where the comparison has come to its end and counting shows nothing. */
    void startIfNeeded(Ledger compared, CamelContext context) {
        if (!heldBack || counted || !compared.state().isSettled()) {
            return;
        }
        counted = isShown(compared);
        if (!counted) {
            heldBack = false;
            try {
                context.getRouteController().startRoute(ROUTE);
            } catch (Exception e) {
                throw new IllegalStateException("Route " + ROUTE + " cannot be started.", e);
            }
        }
    }

    private boolean isShown(Ledger compared) {
        Counts counts = compared.counts();
        return compared.state() == RunState.COMPLETE
                && counts.read() == (source == null ? -1 : source.keys())
                && Stream.of(counts.filtered(), counts.vanished(), counts.deleted(), counts.reread())
                        .allMatch(count -> count == 0)
                && compared.differing().getOrDefault(Difference.Cause.MISSING, 0L) == 0
                && counts.restarts() == 0
                && isUnchanged();
    }

    private boolean isUnchanged() {
        try {
            return source != null
                    && source.equals(Contents.of(sides.source()))
                    && target != null
                    && target.equals(Contents.of(sides.target()));
        } catch (IOException | RedisException e) {
            return false;
        }
    }

    @Override
    public void close() {
        sides.close();
    }
}
