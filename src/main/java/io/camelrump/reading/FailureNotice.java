package io.camelrump.reading;

import io.camelrump.RunState;
import io.camelrump.run.Run;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.spi.ExceptionHandler;

/**
 * Has the route hear once of a run that failed, did not converge, or stayed incomplete by itself; not of a stop, which
 * somebody asked for.
 */
public final class FailureNotice {
    private final Run run;
    private final PageSender sender;
    /** Whether the route has heard of it, or is to hear nothing. */
    private final AtomicBoolean closed = new AtomicBoolean();

    public FailureNotice(Run run, PageSender sender) {
        this.run = run;
        this.sender = sender;
    }

    /** A run begins. */
    public void open() {
        closed.set(false);
    }

    /** Nothing is sent any more until a run begins. */
    public void close() {
        closed.set(true);
    }

    /** Nothing is sent of a run that ended because somebody asked it to, and knows. */
    public void closeIfAsked() {
        if (run.state() == RunState.INCOMPLETE) {
            close();
        }
    }

    public boolean isDue() {
        RunState state = run.state();
        return state.isFinal() && !state.isSettled() && !closed.get();
    }

    /** Sends it if it is due. */
    public void send(ExceptionHandler faults) {
        if (isDue() && closed.compareAndSet(false, true)) {
            try {
                sender.reportEnd();
            } catch (Exception e) {
                faults.handleException("The route did not take the end of the run", e);
            }
        }
    }
}
