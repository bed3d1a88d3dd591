package io.camelrump.cutover;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.CutoverDirection;
import io.camelrump.CutoverResult;
import io.camelrump.CutoverStep;
import io.camelrump.LeftBehind;
import io.camelrump.Rehearsal;
import io.camelrump.RunEvent;
import io.camelrump.RunPhase;
import io.camelrump.run.Run;
import io.camelrump.throttle.RateLimits;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wishes of whoever watches a run: that it pauses, or reads at another rate, or cuts over; and what is said to him.
 * They are looked at by the run's own threads. Any thread may call.
 */
public final class Steering {
    private static final Logger LOG = LoggerFactory.getLogger(Steering.class);

    @GuardedBy("this")
    private boolean paused;

    @GuardedBy("this")
    private @Nullable RunPhase entered;

    @GuardedBy("this")
    private @Nullable Decision decision;

    @GuardedBy("this")
    private @Nullable String undecided;

    /** Wishes of another run that hold here too; null for none. */
    private volatile @Nullable Steering leader;

    private volatile Supplier<RateLimits> usual = () -> RateLimits.NONE;
    private volatile @Nullable RateLimits limits;
    private volatile @Nullable String cutover;
    private volatile @Nullable CutoverResult result;
    private volatile @Nullable LiveCourse course;
    private volatile @Nullable CutoverStep step;
    private volatile @Nullable Consumer<String> listener;
    private volatile boolean rehearsal;
    private volatile @Nullable Rehearsal shown;
    private volatile @Nullable LeftBehind leftBehind;
    private volatile @Nullable String way;
    private volatile @Nullable String wayToAbort;
    private volatile Function<RunEvent.AtTheBarrier, @Nullable Future<Void>> barrier = event -> null;
    private volatile Runnable courseOver = () -> {};

    /** A new run begins: no wish holds any longer. */
    public synchronized void reset() {
        paused = false;
        entered = null;
        limits = null;
        cutover = null;
        result = null;
        leftBehind = null;
        rehearsal = false;
        shown = null;
    }

    // --- pause and pace ---

    /**
     * Pauses the run, unless it is cutting over: then writers may wait for it.
     *
     * @return whether it is paused now
     */
    public synchronized boolean pause() {
        paused = entered == null;
        return paused;
    }

    public synchronized void resume() {
        paused = false;
    }

    public boolean isPaused() {
        Steering other = leader;
        return isPausedItself() || other != null && other.isPaused();
    }

    private synchronized boolean isPausedItself() {
        return paused;
    }

    /** From here on pause and limits that are wanted of another run hold for this one, too. */
    public void follow(Steering other) {
        leader = other;
    }

    /** Takes the limits of the options, which hold until others are wanted. */
    public void usual(Supplier<RateLimits> ofOptions) {
        usual = ofOptions;
    }

    public void limit(RateLimits wanted) {
        limits = wanted;
    }

    public RateLimits limits() {
        Steering other = leader;
        RateLimits wanted = other == null || other.limits == null ? limits : other.limits;
        return wanted == null ? usual.get() : wanted;
    }

    // --- its course ---

    /** Takes what brings the run from its first copy to its end; null of a run that ends by itself. */
    public void course(@Nullable LiveCourse ofRun) {
        course = ofRun;
    }

    /** The course of a live run; null of another one. */
    public @Nullable LiveCourse course() {
        return course;
    }

    /**
     * Takes the wish to cut over, with a reason that ends a sentence; of clients that may be half switched it says that
     * they are at the target.
     */
    public synchronized void cutOver(String why) {
        if (entered == RunPhase.UNDECIDED) {
            decision = Decision.SWITCHED;
        } else {
            cutover = why;
        }
    }

    /**
     * Takes the wish that a cutover be rehearsed: all of it but the pause of the writers and the switch of the clients.
     */
    public void rehearse() {
        rehearsal = true;
    }

    /** Whether somebody has that wish, which is fulfilled now. */
    boolean takeRehearsal() {
        boolean wanted = rehearsal;
        rehearsal = false;
        return wanted;
    }

    void rehearsed(Rehearsal how) {
        shown = how;
    }

    /** The result of the last rehearsal; null before. */
    public @Nullable Rehearsal rehearsal() {
        return shown;
    }

    /**
     * Takes the wish that a cutover be taken back whose clients may be half switched, as they are at the source.
     *
     * @return whether there was such a one
     */
    public synchronized boolean takeBack() {
        boolean due = entered == RunPhase.UNDECIDED;
        if (due) {
            decision = Decision.STAYED;
        }
        return due;
    }

    /**
     * The clients may be half switched, and nothing is applied to the target; the reason is in one sentence or more.
     */
    synchronized void undecided(String why) {
        decision = null;
        entered = RunPhase.UNDECIDED;
        undecided = why;
    }

    /** A person's decision on clients that may be half switched; null while there is none. */
    synchronized @Nullable Decision decision() {
        return decision;
    }

    /** Why a person must decide where the clients are; null if that is not so. */
    public synchronized @Nullable String undecided() {
        return entered == RunPhase.UNDECIDED ? undecided : null;
    }

    /** Takes who switches the clients at a barrier, and says when that has ended; null of no one. */
    public void onBarrier(Function<RunEvent.AtTheBarrier, @Nullable Future<Void>> switching) {
        barrier = switching;
    }

    /** Has the clients switched; null if nobody is there to do it. */
    @Nullable
    Future<Void> switchOver(RunEvent.AtTheBarrier event) {
        return barrier.apply(event);
    }

    /** Runs {@code heard} when the course of a run is over. */
    public void onCourseOver(Runnable heard) {
        courseOver = heard;
    }

    void courseIsOver() {
        courseOver.run();
    }

    /** Why somebody wants the run to cut over; null if nobody does. */
    @Nullable
    String wish() {
        return cutover;
    }

    /** Begins the cutover, unless somebody has paused the run: from here on it cannot be. */
    synchronized boolean beginCutover() {
        if (paused) {
            return false;
        }
        entered = RunPhase.CUTTING_OVER;
        return true;
    }

    /** The source's writers still wait, and both sides are equal. */
    synchronized void converged() {
        entered = RunPhase.CONVERGED;
    }

    /** The cutover is over, and so is the pause that went with it. */
    synchronized void ended(CutoverResult how) {
        result = how.followsOn() ? null : how;
        cutover = null;
        entered = null;
    }

    /** Takes what no copy carries, as the last cutover has found it; null if that is not known. */
    void leftBehind(@Nullable LeftBehind found) {
        leftBehind = found;
    }

    /** Clients and scripts that no copy carries, as the last cutover has found them; null if that is not known. */
    public @Nullable LeftBehind leftBehind() {
        return leftBehind;
    }

    /** How the cutover ended; null if there was none, or if it goes on. */
    public @Nullable CutoverResult result() {
        return result;
    }

    public RunPhase phase(Run run) {
        RunPhase forth = phaseForth(run);
        if (run.sources().direction() == CutoverDirection.FORWARD) {
            return forth;
        }
        return switch (forth) {
            case COPYING, VERIFYING, FOLLOWING, WAY_BACK -> RunPhase.WAY_BACK;
            case CUTTING_OVER, CONVERGED, GOING_BACK -> RunPhase.GOING_BACK;
            case UNDECIDED -> RunPhase.UNDECIDED;
            case ENDED -> RunPhase.ENDED;
        };
    }

    private RunPhase phaseForth(Run run) {
        RunPhase said = entered();
        if (said == RunPhase.CONVERGED) {
            return said;
        }
        if (run.state().isFinal()) {
            return RunPhase.ENDED;
        }
        if (said != null) {
            return said;
        }
        if (!run.isLive() || !run.changes().firstCopy().isComplete()) {
            return RunPhase.COPYING;
        }
        LiveCourse known = course;
        return known == null || known.isVerified() ? RunPhase.FOLLOWING : RunPhase.VERIFYING;
    }

    private synchronized @Nullable RunPhase entered() {
        return entered;
    }

    public void atCutover(CutoverStep ofHost) {
        step = ofHost;
    }

    /** The host's part of the cutover; null if it has none. */
    @Nullable
    CutoverStep step() {
        return step;
    }

    // --- what is said ---

    /**
     * Hands what a person should know of the run's course to {@code heard}, instead of the log.
     *
     * @param toCutOver the command or operation by which a person cuts over
     * @param toAbort the one by which a person takes that back, where clients may be half switched
     */
    public void onNews(Consumer<String> heard, String toCutOver, String toAbort) {
        listener = heard;
        way = toCutOver;
        wayToAbort = toAbort;
    }

    void say(Run run, String text) {
        Consumer<String> heard = listener;
        if (heard == null) {
            LOG.info("Run {}: {}", run.migration(), text);
        } else {
            heard.accept(text);
        }
    }

    /** The command or operation by which a person takes a cutover back. */
    String toAbort() {
        String known = wayToAbort;
        return known == null ? "operation=abort" : known;
    }

    /** The command or operation by which a person cuts over. */
    String toCutOver() {
        String known = way;
        return known == null ? "operation=cutover" : known;
    }
}
