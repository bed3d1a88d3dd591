package io.camelrump.sending;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.run.Run;
import io.camelrump.target.ForeignWrites;
import io.camelrump.target.Targets;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listening of a started producer to what others write at its targets, for live runs that verify their changes. */
public final class TargetListening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetListening.class);

    private final CamelContext context;
    private final BatchSender sender;
    private final Targets targets;
    private final ExecutorService threads;
    private final ForeignWrites foreign;

    /** @param owner whose threads they are, for the names of these */
    public TargetListening(CamelContext context, Object owner, Targets targets, BatchSender sender) {
        this.context = context;
        this.sender = sender;
        this.targets = targets;
        // none lives before the first listener
        this.threads = context.getExecutorServiceManager().newCachedThreadPool(owner, "target-listener");
        this.foreign = new ForeignWrites(targets, threads);
    }

    /** Has each target report, if one does not yet. */
    public void watch(Run run) throws InterruptedException {
        if (foreign.isDue(run)) {
            alone(() -> {
                foreign.watch();
                return true;
            });
        }
    }

    /** Whether all that others have written by now is known. */
    public boolean hears(Run run) throws InterruptedException {
        foreign.isDue(run);
        return alone(foreign::hear);
    }

    private boolean alone(BatchSender.Work<Boolean> work) throws InterruptedException {
        try {
            return sender.alone(() -> {
                targets.refreshIfSuspect();
                return work.run();
            });
        } catch (TransientTargetException e) {
            // a master that is gone is asked again only if it still owns slots
            targets.suspect();
            LOG.debug("not asked what others write", e);
            return false;
        } catch (TargetClosedException e) {
            targets.runs().forEach(run -> run.fail(e.getMessage()));
            return false;
        }
    }

    @Override
    public void close() {
        foreign.close();
        context.getExecutorServiceManager().shutdownNow(threads);
    }
}
