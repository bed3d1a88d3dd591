package io.camelrump.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.KeptKeys;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.UsageException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.camel.main.Main;

/** The comparison's routes from their start to their end; they have a ledger for each direction. */
final class ComparingRun implements AutoCloseable {
    /** Sorted by name: the source's keys come first. */
    @GuardedBy("ledgers")
    private final Set<Ledger> ledgers = new TreeSet<>(Comparator.comparing(Ledger::migration));

    private final RunRoutes routes;
    private final Main main;
    private final Consumer<Ledger> found;
    private final NamesAtTarget names;

    /**
     * @param ports by which it is watched
     * @param found is given each ledger before the first key is compared
     */
    ComparingRun(RunPlan plan, Ports ports, Consumer<Ledger> found) {
        this.found = found;
        this.routes = plan.comparison();
        this.main = RouteRunner.main(plan, routes, this::find);
        ports.addTo(main);
        this.names = new NamesAtTarget(plan);
        main.addMainListener(new ContextListener(names::holdBack));
    }

    /** Tells it, before its start, what the target kept of the migration before. */
    void know(KeptKeys kept) {
        main.bind("kept-keys", kept);
    }

    void start() throws Exception {
        main.start();
        if (ledgers().isEmpty()) {
            throw new UsageException("no route of " + routes + " reads from a rump: endpoint");
        }
    }

    private void find(Set<Ledger> all) {
        synchronized (ledgers) {
            for (Ledger ledger : all) {
                if (ledgers.add(ledger)) {
                    found.accept(ledger);
                }
            }
        }
    }

    /** Ledgers of the directions that run, or did. */
    List<Ledger> ledgers() {
        synchronized (ledgers) {
            return ledgers.stream().filter(ledger -> !names.isHeldBack(ledger)).toList();
        }
    }

    /** Whether it is known without a look at the target's names that the target holds no other keys. */
    boolean hasCountedNames() {
        return names.areCounted();
    }

    /** Whether both directions have ended, or one has failed: an incomplete one does not cut the other short. */
    boolean isOver() {
        names.startIfNeeded(ledgers().get(0), main.getCamelContext());
        return haveEnded();
    }

    private boolean haveEnded() {
        List<Ledger> all = ledgers();
        return all.stream().allMatch(ledger -> ledger.state().isFinal())
                || all.stream().anyMatch(ledger -> ledger.state() == RunState.FAILED);
    }

    void stopReading() {
        ledgers().forEach(Ledger::stopReading);
    }

    @Override
    public void close() {
        RouteRunner.stop(main, !ledgers().isEmpty() && haveEnded());
        names.close();
    }
}
