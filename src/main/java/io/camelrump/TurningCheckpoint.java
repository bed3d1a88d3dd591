package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.TurnedText;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one checkpoint of a migration and of its way back. Each of the two runs has a view of it: what is kept is that of
 * the run whose direction it is, and while the clients are being switched, that of both. So a process that is killed
 * leaves no doubt which server's keys are the newer ones, or leaves that to be decided by a person.
 */
public final class TurningCheckpoint {
    /** Which server the clients write to. */
    public enum Clients {
        AT_SOURCE,
        /** They may be at either: a hook switches them, or did when the process was killed. */
        MOVING,
        AT_TARGET
    }

    private final StateRepository<String, String> kept;
    private final View forward = new View();
    private final View back = new View();

    @GuardedBy("this")
    private Clients clients;

    @GuardedBy("this")
    private int started;

    private final class View extends ServiceSupport implements StateRepository<String, String> {
        @GuardedBy("TurningCheckpoint.this")
        private String text = "";

        @Override
        protected void doStart() {
            synchronized (TurningCheckpoint.this) {
                if (started == 0) {
                    ServiceHelper.startService(kept);
                }
                started++;
            }
        }

        @Override
        protected void doStop() {
            synchronized (TurningCheckpoint.this) {
                started--;
                if (started == 0) {
                    ServiceHelper.stopService(kept);
                }
            }
        }

        @Override
        public @Nullable String getState(String key) {
            synchronized (TurningCheckpoint.this) {
                return isKept(this) ? kept.getState(key) : text;
            }
        }

        @Override
        public void setState(String key, String value) {
            synchronized (TurningCheckpoint.this) {
                if (value.isEmpty() && !isKept(this)) {
                    // where the clients are found not to have moved, that run goes on
                    return;
                }
                text = value;
                if (isKept(this) || clients == Clients.MOVING) {
                    keep(key);
                }
            }
        }

        @Override
        public String toString() {
            return kept.toString();
        }
    }

    /** @param clients where they are by what is kept */
    public TurningCheckpoint(StateRepository<String, String> kept, Clients clients) {
        this.kept = kept;
        this.clients = clients;
    }

    /**
     * Where the clients are by the text of a checkpoint; null for none.
     *
     * @throws IllegalArgumentException if it is damaged, or no checkpoint
     */
    public static Clients clients(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Clients.AT_SOURCE;
        }
        if (TurnedText.isOfBoth(text)) {
            return Clients.MOVING;
        }
        return TurnedText.isOfWayBack(text) ? Clients.AT_TARGET : Clients.AT_SOURCE;
    }

    /** Whether its targets held no keys when the run began; also if none was met yet. */
    public static boolean beganEmpty(String text) {
        return Checkpoint.decode(text).targets().values().stream().allMatch(Checkpoint.TargetState::wasEmpty);
    }

    /** Keeps of a checkpoint of both directions the one that a person has decided for. */
    public static void decide(StateRepository<String, String> kept, String text, Clients now) {
        kept.setState("", now == Clients.AT_TARGET ? TurnedText.back(text) : TurnedText.forward(text));
    }

    /** The view of the migration. */
    public StateRepository<String, String> forward() {
        return forward;
    }

    /** The view of its way back. */
    public StateRepository<String, String> back() {
        return back;
    }

    /**
     * The clients are elsewhere from now on, or may be.
     *
     * @throws RuntimeException if that cannot be written
     */
    public synchronized void turn(Clients now) {
        clients = now;
        keep("");
        if (now == Clients.AT_TARGET) {
            // when the clients are back at the source, nothing is left to go on with
            forward.text = "";
        }
    }

    private synchronized boolean isKept(View view) {
        return switch (clients) {
            case AT_SOURCE -> view == forward;
            case MOVING -> false;
            case AT_TARGET -> view == back;
        };
    }

    private synchronized void keep(String key) {
        switch (clients) {
            case AT_SOURCE -> kept.setState(key, forward.text);
            case MOVING -> kept.setState(key, TurnedText.of(forward.text, back.text));
            case AT_TARGET -> kept.setState(key, back.text);
        }
    }
}
