package io.camelrump;

import io.camelrump.cutover.Direction;
import io.camelrump.cutover.RunNeeds;
import io.camelrump.cutover.RunSides;
import io.camelrump.cutover.Steering;
import io.camelrump.needs.SentinelPause;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.QueueOptions;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a live run by the endpoints of its routes: the one that it reads, and those of the producers that took
 * its keys.
 */
final class EndpointSides extends RunSides {
    private static final Class<?>[] OF_RUN = {
        SelectionOptions.class, MappingOptions.class, BigKeyOptions.class, QueueOptions.class, ThrottleOptions.class
    };

    private final Run run;
    private final Steering steering;
    private final EndpointSide source;
    private final Map<ServerAddress, EndpointSide> targets = new HashMap<>();

    EndpointSides(RumpEndpoint source, Run run, Steering steering) {
        this.run = run;
        this.steering = steering;
        this.source = EndpointSide.of(source);
    }

    /** One for each server that keys went to; where there were none, each that they would have gone to. */
    private List<EndpointSide> targets() {
        List<RumpEndpoint> producing = run.targets().participants().stream()
                .filter(RumpProducer.class::isInstance)
                .map(producer -> (RumpEndpoint) ((RumpProducer) producer).getEndpoint())
                .toList();
        // without those that keys would have gone to, as it seemed before the first one went
        Map<ServerAddress, EndpointSide> current = new LinkedHashMap<>();
        for (RumpEndpoint endpoint : producing.isEmpty() ? restoring() : producing) {
            current.computeIfAbsent(
                    endpoint.address(), address -> targets.computeIfAbsent(address, none -> EndpointSide.of(endpoint)));
        }
        return List.copyOf(current.values());
    }

    /** Endpoints of the application that restore keys, as far as no route reads them. */
    private List<RumpEndpoint> restoring() {
        CamelContext context = source.endpoint().getCamelContext();
        Set<Endpoint> read =
                context.getRoutes().stream().map(Route::getEndpoint).collect(Collectors.toSet());
        return context.getEndpoints().stream()
                .filter(endpoint -> endpoint instanceof RumpEndpoint rump
                        && rump.getOperation() == Operation.RESTORE
                        && !read.contains(endpoint))
                .map(RumpEndpoint.class::cast)
                .toList();
    }

    @Override
    protected void lookInTime() {
        source.nodes().lookInTime();
        targets().forEach(target -> target.nodes().lookInTime());
    }

    @Override
    protected @Nullable String objection() {
        int expected = source.endpoint().getQueueOptions().getTargets();
        List<EndpointSide> known = targets();
        if (known.size() == expected) {
            return null;
        }
        return known.isEmpty()
                ? "no rump: producer of this application has written its keys, so there is nothing to compare them with; finalCompare=none (--final-compare none) ends the run"
                        + " without"
                : "its keys went to other servers than targets=" + expected + " says ("
                        + known.stream().map(side -> side.endpoint().title()).collect(Collectors.joining(", "))
                        + "), so that none of them need hold all; finalCompare=none (--final-compare none) ends the run"
                        + " without a comparison";
    }

    @Override
    protected ServerAddress source() {
        return source.nodes().reachable();
    }

    @Override
    protected ServerMode sourceMode() {
        return source.endpoint().getServerOptions().getMode();
    }

    @Override
    protected List<ServerAddress> sourceServers(Duration most) throws IOException {
        return source.servers(most);
    }

    @Override
    protected List<ServerAddress> targetServers(Duration most) throws IOException {
        List<ServerAddress> servers = new ArrayList<>();
        for (EndpointSide target : targets()) {
            servers.addAll(target.servers(most));
        }
        return servers;
    }

    @Override
    protected boolean prunes() {
        return targets().stream()
                .anyMatch(side -> side.endpoint().getTargetOptions().isPrune());
    }

    @Override
    protected boolean copiesFunctions() {
        return source.endpoint().getSourceOptions().isFunctions();
    }

    @Override
    protected List<Direction> directions(Wanted wanted) {
        List<Direction> forth = new ArrayList<>();
        List<Direction> back = new ArrayList<>();
        for (EndpointSide target : targets()) {
            RumpEndpoint reading =
                    reading(source, wanted).set("bigValues", false).made();
            RumpEndpoint comparing = taking(target, wanted, Operation.COMPARE).made();
            forth.add(direction("compare", reading, comparing, wanted));
            RumpEndpoint naming = reading(target, wanted)
                    .set("values", false)
                    .set("reverse", true)
                    .set("functions", false)
                    .made();
            back.add(direction(
                    "compare-extra",
                    naming,
                    taking(source, wanted, Operation.LOOKUP).made(),
                    wanted));
        }
        forth.addAll(back);
        return forth;
    }

    private Direction direction(String name, RumpEndpoint from, RumpEndpoint to, Wanted wanted) {
        Run books = new Run(run.migration() + "-" + name, 1);
        return new Direction(books, new ComparingReader(from, to, books, wanted.unthrottled() ? null : steering));
    }

    private EndpointCopy reading(EndpointSide side, Wanted wanted) {
        EndpointCopy copy = selecting(side, wanted)
                .take(source.endpoint(), SourceOptions.class)
                .set("live", false)
                .set("wayBack", false)
                .set("carryIdle", false)
                .set("targets", 1)
                .set("keyNames", wanted.only());
        return wanted.unthrottled() ? copy.set("maxKeysPerSecond", 0).set("latencyGuard", "off") : copy;
    }

    private EndpointCopy taking(EndpointSide side, Wanted wanted, Operation operation) {
        return selecting(side, wanted)
                .take(side.endpoint(), TargetOptions.class)
                .set("prune", false)
                .set("dryRun", false)
                .set("operation", operation);
    }

    /** Options of a run are those of its source, whatever its other endpoints say. */
    private EndpointCopy selecting(EndpointSide side, Wanted wanted) {
        return side.copy(wanted.retryFor()).take(source.endpoint(), OF_RUN);
    }

    @Override
    protected void requireRights() {
        targets().forEach(this::requireRights);
    }

    private void requireRights(EndpointSide target) {
        try (OpenServers from = source.open();
                OpenServers to = target.open()) {
            new RunNeeds(source.endpoint().options(), target.endpoint().options()).requireForCutover(from, to);
        } catch (IOException e) {
            throw RedisException.transientError(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    protected void requireForStart() {
        Duration pause = source.endpoint().getCutoverOptions().getPauseWrites();
        String objection =
                SentinelPause.text(SentinelPause.early(source.endpoint().address(), pause));
        if (objection != null) {
            throw RedisException.permanentError(objection);
        }
        List<RumpEndpoint> known = restoring();
        if (known.size() != source.endpoint().getQueueOptions().getTargets()) {
            return;
        }
        try {
            known.forEach(target -> requireRights(EndpointSide.of(target)));
        } catch (RedisException e) {
            if (e.isPermanent()) {
                throw e;
            }
            // the run waits for it, and the cutover asks again
        }
    }
}
