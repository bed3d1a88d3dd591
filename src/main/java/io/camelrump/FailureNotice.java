package io.camelrump;

import io.camelrump.run.Run;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.spi.ExceptionHandler;

/**
 * Has the route hear once of a run that failed, did not converge, or stayed incomplete by itself; not of a stop, which
 * somebody asked for.
 */
final class FailureNotice {
    private final Run run;
    private final PageSender sender;
    /** Whether the route has heard of it, or is to hear nothing. */
    private final AtomicBoolean closed = new AtomicBoolean();

    FailureNotice(Run run, PageSender sender) {
        this.run = run;
        this.sender = sender;
    }

    /** A run begins. */
    void open() {
        closed.set(false);
    }

    /** Nothing is sent any more until a run begins. */
    void close() {
        closed.set(true);
    }

    /** Nothing is sent of a run that ended because somebody asked it to, and knows. */
    void closeIfAsked() {
        if (run.state() == RunState.INCOMPLETE) {
            close();
        }
    }

    boolean isDue() {
        RunState state = run.state();
        return state.isFinal() && !state.isSettled() && !closed.get();
    }

    /** Sends it if it is due. */
    void send(ExceptionHandler faults) {
        if (isDue() && closed.compareAndSet(false, true)) {
            try {
                sender.reportEnd();
            } catch (Exception e) {
                faults.handleException("The route did not take the end of the run", e);
            }
        }
    }
}
