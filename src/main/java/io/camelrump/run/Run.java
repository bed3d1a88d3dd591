package io.camelrump.run;

import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.Outcome;
import io.camelrump.Refusal;
import io.camelrump.RunEnd;
import io.camelrump.RunState;
import io.camelrump.SourceLatency;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.KeyList;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one run: the outcome of each key, the pages in flight, and the lock that everyone waits on.
 *
 * <p>All methods may be called from any thread, and return at once unless they say that they wait.
 */
public final class Run {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final long MOST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    private final String migration;
    private final int targets;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final InFlightPages pages = new InFlightPages();
    private final OutcomeTally tally = new OutcomeTally();
    private final DifferenceTally differences = new DifferenceTally();
    private final ClockSteps clockSteps = new ClockSteps();
    private final LoadedLibraries loadedLibraries = new LoadedLibraries();
    private final Remarks remarks = new Remarks();
    private final Set<Participant> witnesses = new LinkedHashSet<>();

    private RunState state = RunState.RUNNING;
    private @Nullable String failure;
    private long begunAt = System.nanoTime();
    private @Nullable RunEnd end;
    private volatile Runnable endListener = () -> {};
    /** The one that was found last comes last. */
    private List<SourceIdentity> sources = List.of();

    private double progress;
    private @Nullable SourceLatency latency;
    private @Nullable ChangeLog changes;
    private @Nullable Checkpoint resumed;
    private final Map<String, Checkpoint.TargetState> targetStates = new TreeMap<>();
    /** Whether a target has been looked at in this run. */
    private boolean targetFound;

    private Runnable targetListener = () -> {};
    private final ComparisonTally compared = new ComparisonTally();
    private @Nullable KeptKeyIndex kept;
    private long sourceKeys = -1;
    private @Nullable Functions functions;
    private boolean functionsArrived = true;
    private long lastSignOfLife = System.nanoTime();
    private @Nullable String lastDenial;

    public Run(String migration, int targets) {
        this.migration = migration;
        this.targets = targets;
    }

    // --- what a host may ask ---

    /** Name of the run, as given by the endpoint option {@code migration}. */
    public String migration() {
        return migration;
    }

    /** Where the run stands now. */
    public RunState state() {
        return locked(() -> state);
    }

    /** Why the run ended otherwise than complete, in one sentence; null if it did not. */
    public @Nullable String failure() {
        return this.<@Nullable String>locked(() -> failure);
    }

    /** How the run ended; null while it goes on. */
    public @Nullable RunEnd end() {
        return this.<@Nullable RunEnd>locked(() -> end);
    }

    /** Outcomes of the keys so far; a resumed run includes those before its stop. */
    public Counts counts() {
        return locked(tally::counts);
    }

    /** Counts of the earlier run that this one resumes, which {@link #counts} include; all 0 if it began anew. */
    public Counts earlierCounts() {
        return locked(() -> resumed == null ? Counts.NONE : resumed.counts());
    }

    /** Pages that were handed to the route and are not settled yet. */
    public int pagesOut() {
        return locked(pages::size);
    }

    /** Bytes of keys and payloads in the pages that are out. */
    public long bytesOut() {
        return locked(pages::bytes);
    }

    /** Share of the source's keyspace that was scanned, from 0 to 1, as the cursor tells it. */
    public double progress() {
        return locked(() -> progress);
    }

    /** DBSIZE of the source when the scan started, -1 while unknown. */
    public long sourceKeys() {
        return locked(() -> sourceKeys);
    }

    /** Observations of the latency guard, and what it did; null without a guard. */
    public @Nullable SourceLatency sourceLatency() {
        return this.<@Nullable SourceLatency>locked(() -> latency);
    }

    /** Changes that a live run follows; null if the run is not live. */
    public @Nullable ChangeLog changes() {
        return this.<@Nullable ChangeLog>locked(() -> changes);
    }

    /** The first refused keys, up to ten. */
    public List<Refusal> refusals() {
        return locked(tally::refusals);
    }

    /** Hands every refusal from now on to {@code listener}; it is called under the ledger's lock, so it must be quick. */
    public void onRefusal(Consumer<Refusal> listener) {
        Objects.requireNonNull(listener, "listener is null");
        change(() -> tally.listener(listener));
    }

    /** Differences that a comparison found to stay, each key once; the first 20,000. */
    public List<Difference> differences() {
        return locked(differences::list);
    }

    /** How many keys a comparison found to differ, by cause. */
    public Map<Difference.Cause, Long> differing() {
        return locked(differences::counts);
    }

    /** Hands every difference from now on to {@code listener}, as {@link #onRefusal} does refusals. */
    public void onDifference(Consumer<Difference> listener) {
        Objects.requireNonNull(listener, "listener is null");
        change(() -> differences.listener(listener));
    }

    /** Keys of a target of which a comparison cannot tell whether only the target has them; they are left alone. */
    public long undecided() {
        return locked(compared::undecided);
    }

    /** Keys of a comparison that the target had before, under {@code onConflict=keep}: other values that were to stay. */
    public long keptBefore() {
        return locked(compared::kept);
    }

    /** Keys of a comparison that lack what an option such as {@code dropFieldTtl} let go, and are equal else. */
    public long reduced() {
        return locked(compared::reduced);
    }

    /** The keys that a run with {@code onConflict=keep} left to the target; null under another policy. */
    public @Nullable KeptKeyIndex kept() {
        return this.<@Nullable KeptKeyIndex>locked(() -> kept);
    }

    /** Remarks beside the counts: databases that were not read, filters that took no key. */
    public List<String> remarks() {
        return locked(remarks::list);
    }

    /** Asks the reader to stop; what was read still arrives, and the run ends {@link RunState#INCOMPLETE}. */
    public void stopReading() {
        change(() -> {
            if (state == RunState.RUNNING) {
                state = RunState.STOPPING;
            }
        });
    }

    @Override
    public String toString() {
        return "Run[" + migration + ", " + state() + ", " + counts() + "]";
    }

    // --- what the consumer says ---

    public void source(SourceIdentity identity, long keys) {
        change(() -> {
            sources = Stream.concat(
                            sources.stream().filter(known -> !known.address().equals(identity.address())),
                            Stream.of(identity))
                    .toList();
            if (sourceKeys < 0) {
                sourceKeys = keys;
            }
        });
    }

    /** The source's functions, which a target is to have before its first key. */
    public void functions(@Nullable Functions found) {
        change(() -> {
            functions = found;
            functionsArrived = found == null || found.libraries().isEmpty();
        });
    }

    public void remark(String sentence) {
        change(() -> remarks.add(sentence));
    }

    /** Keys that belong to what is read are not, so that the run ends {@link RunState#INCOMPLETE} at the best. */
    public void leavesOut(String what) {
        change(() -> remarks.leavesOut(what));
    }

    /** Measurements of the clocks of both sides. */
    public ClockSteps clockSteps() {
        return clockSteps;
    }

    /** Function libraries at the targets that are this migration's own. */
    public LoadedLibraries loadedLibraries() {
        return loadedLibraries;
    }

    /** The source's functions are others by now, some of which may be none any more. */
    public void functionsChanged(Functions found) {
        change(() -> {
            functions = found;
            functionsArrived = false;
        });
    }

    /** Makes the run a live one: it follows the changes of the source until it is asked to end. */
    public ChangeLog follow() {
        ChangeLog followed = new ChangeLog(() -> change(() -> {}));
        locked(() -> changes = followed);
        return followed;
    }

    public void latency(@Nullable SourceLatency known) {
        locked(() -> latency = known);
    }

    /** A probe of the source took so long, and since the one before it the copy was slowed for so long. */
    public void probed(long roundTripNanos, long slowedNanos) {
        SourceLatency before = sourceLatency();
        latency((before == null ? SourceLatency.NONE : before).and(roundTripNanos, slowedNanos));
    }

    /** The run goes on where an earlier one ended; null if it begins anew. */
    public void resume(@Nullable Checkpoint checkpoint) {
        change(() -> {
            resumed = checkpoint;
            targetFound = false;
            targetStates.clear();
            if (checkpoint != null) {
                targetStates.putAll(checkpoint.targets());
                loadedLibraries.resume(checkpoint.libraries());
            }
            if (checkpoint == null) {
                tally.reset();
            } else {
                tally.resume(checkpoint.counts(), checkpoint.refusals());
            }
        });
    }

    /** Where an earlier run ended; null if this one began anew. */
    @Nullable
    public Checkpoint resumed() {
        return this.<@Nullable Checkpoint>locked(() -> resumed);
    }

    /** Runs {@code listener} when a target is about to be written for the first time. */
    void onTarget(Runnable listener) {
        change(() -> targetListener = listener);
    }

    /** This target is about to be written: what is known of it must be kept before. */
    public void found(String target, Checkpoint.TargetState known) {
        Runnable listener = locked(() -> {
            targetStates.put(target, known);
            targetFound = true;
            return targetListener;
        });
        listener.run();
    }

    /** Voids whatever this target confirmed, or hands it to its successor. */
    public void left(String target) {
        locked(() -> targetStates.remove(target));
    }

    /** Whether an earlier run wrote to targets, and none has been asked yet whether it still is the one of then. */
    public boolean wantsTarget() {
        return locked(() -> resumed != null && !resumed.targets().isEmpty() && !targetFound);
    }

    public Map<String, Checkpoint.TargetState> targetStates() {
        return locked(() -> Map.copyOf(targetStates));
    }

    /** Keys that are out or wait to be read again. */
    public List<InFlightKeys> keysOut() {
        return locked(pages::keys);
    }

    /** Hands every count of an outcome from now on to {@code listener}, under the lock. */
    public void onOutcome(ObjIntConsumer<Outcome> listener) {
        change(() -> tally.outcomeListener(listener));
    }

    /** Starts the books anew, for a new run. */
    public void reset() {
        change(() -> {
            startAnew();
            tally.reset();
            differences.clear();
            forgetKept();
            clockSteps.clear();
            loadedLibraries.clear();
            remarks.clear();
            state = RunState.RUNNING;
            failure = null;
            begunAt = System.nanoTime();
            end = null;
            sourceKeys = -1;
        });
    }

    /** All that was confirmed is void, because a server is another one than before: the scan starts at 0. */
    public void restart(String reason) {
        change(() -> {
            if (!state.isFinal()) {
                LOG.warn("{}: the scan starts again at the beginning", reason);
                startAnew();
                resumed = null;
                tally.restarted();
                differences.clear();
                forgetKept();
            }
        });
    }

    /** One of several servers is another one than before, and it alone is scanned again. */
    public void nodeRestarted(String reason) {
        change(() -> {
            LOG.warn("{}: the slots that were read of it are scanned again", reason);
            tally.nodeRestarted();
        });
    }

    /** Keys of several servers together. */
    public void sourceKeys(long keys) {
        locked(() -> sourceKeys = sourceKeys < 0 ? keys : sourceKeys);
    }

    private void startAnew() {
        pages.startAnew();
        progress = 0;
        compared.startAnew();
        lastDenial = null;
        lastSignOfLife = System.nanoTime();
    }

    /** The scan starts again at 0 to do what the one before has only counted. */
    public int scanAgain() {
        return locked(() -> {
            startAnew();
            tally.startAnew();
            changed.signalAll();
            return pages.start();
        });
    }

    /** The number of the present scan; it grows with each {@link #restart}. */
    public int start() {
        return locked(pages::start);
    }

    /**
     * Enters a page as read and out.
     *
     * @param scan that it was read by
     * @return null if the scan has started again meanwhile: the page is read anew
     */
    @Nullable
    public Receipt open(PageData page, int scan) {
        return this.<@Nullable Receipt>locked(() -> {
            if (scan != pages.start()) {
                return null;
            }
            if (pages.isSettled() && page.attempt() == 0) {
                lastSignOfLife = System.nanoTime();
            }
            Receipt receipt = new Receipt(this, pages.start(), pages.nextSequence(), page, targets);
            pages.add(receipt);
            tally.read(receipt.settlesKeys() ? page.size() : 0, page.payloadBytes());
            return receipt;
        });
    }

    /** Counts a key that cannot travel at all. */
    public void refuse(Refusal refusal) {
        change(() -> {
            tally.read(1, 0);
            tally.count(Outcome.REFUSED, 1);
            tally.note(refusal);
        });
    }

    /** Counts keys that the reader left out of this scan. */
    public void leaveOut(Outcome outcome, int keys, int scan) {
        if (keys > 0) {
            change(() -> {
                if (scan == pages.start()) {
                    tally.read(keys, 0);
                    tally.count(outcome, keys);
                }
            });
        }
    }

    /** Keys that the reader puts off, and has not counted: large ones are read alone, and others by parts. */
    public void postpone(RetryKeys reread) {
        change(() -> pages.add(reread));
    }

    public void progress(double share) {
        change(() -> progress = share);
    }

    public boolean hasRoom(int mostPages, long mostBytes) {
        return locked(() -> pages.hasRoom(mostPages, mostBytes));
    }

    public boolean fillsUp(int mostPages, long mostBytes, long pageBytes) {
        return locked(() -> pages.fillsUp(mostPages, mostBytes, pageBytes));
    }

    @Nullable
    public RetryKeys takeReread() {
        return this.<@Nullable RetryKeys>locked(pages::takeReread);
    }

    public boolean isSettled() {
        return locked(pages::isSettled);
    }

    /** Waits for so long, unless the run is asked to stop. */
    public void pause(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && state == RunState.RUNNING) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something in these books changes, for up to 100 ms. */
    public void awaitChange() throws InterruptedException {
        awaitChange(() -> MOST_WAIT);
    }

    /** Waits until something in these books changes, or keys must be read again, for up to 100 ms. */
    public void awaitChangeOrReread() throws InterruptedException {
        awaitChange(() -> pages.untilReread(MOST_WAIT));
    }

    private void awaitChange(LongSupplier most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = most.getAsLong();
            boolean timedOut = nanos <= 0 || changed.awaitNanos(nanos) <= 0;
            LOG.trace("woken by {}", timedOut ? "time" : "a change");
        } finally {
            lock.unlock();
        }
    }

    /** How long no page has been answered while some are out. */
    public long silentNanos() {
        return locked(() -> pages.isSettled() ? 0 : System.nanoTime() - lastSignOfLife);
    }

    /** Why a page failed last; null if none did. */
    @Nullable
    public String lastDenial() {
        return this.<@Nullable String>locked(() -> lastDenial);
    }

    public List<Participant> witnesses() {
        return locked(() -> List.copyOf(witnesses));
    }

    public Collection<Receipt> receiptsOut() {
        return locked(pages::receipts);
    }

    /**
     * Pages that the route let drop, as {@link CarryingExchanges#isAbandoned} says.
     *
     * @param copiesKept whether copies may be where no exchange carries them
     */
    public List<Receipt> abandoned(long timeout, boolean copiesKept) {
        return locked(() -> pages.receipts().stream()
                .filter(page -> page.carriage().isAbandoned(timeout)
                        && !(copiesKept && page.carriage().mayBeKept()))
                .toList());
    }

    /** How often in a row a page failed, none being confirmed between; pages that fail at one time count once. */
    public int failures() {
        return locked(pages::failures);
    }

    /** Whether exchanges go on of which each page was answered for: another producer may come in them. */
    public boolean areExchangesEnding() {
        return locked(pages::areEnding);
    }

    /** Whether the last answer is not older than this. */
    public boolean isAnsweredWithin(long nanos) {
        return locked(() -> System.nanoTime() - lastSignOfLife < nanos);
    }

    /** An exchange has begun to carry the page, or has ended. */
    void carried(Receipt receipt, Runnable entry) {
        change(() -> {
            entry.run();
            pages.carried(receipt);
        });
    }

    /** Ends the run, and says so in the log; the first end stands. */
    public void finish(RunState last, @Nullable String reason) {
        if (locked(() -> isEnded(last, reason))) {
            tellEnd();
        }
    }

    private boolean isEnded(RunState last, @Nullable String reason) {
        if (state.isFinal()) {
            return false;
        }
        state = last;
        failure = reason;
        Duration duration = Duration.ofNanos(System.nanoTime() - begunAt);
        end = new RunEnd(migration, last, reason, tally.counts(), differences.counts(), duration);
        changed.signalAll();
        return true;
    }

    /** Not under the lock: others may look at this ledger meanwhile, and at theirs. */
    private void tellEnd() {
        RunEnd ended = end();
        if (ended != null) {
            log(ended);
            endListener.run();
        }
    }

    private static void log(RunEnd ended) {
        switch (ended.state()) {
            case COMPLETE -> LOG.info("{}", ended);
            case FAILED -> LOG.error("{}", ended);
            default -> LOG.warn("{}", ended);
        }
    }

    /** Runs {@code listener} when the run has ended. */
    public void onEnd(Runnable listener) {
        locked(() -> endListener = listener);
    }

    /**
     * Ends the run as complete, or as different or refused where keys are so; not if its scan has started again meanwhile
     * or something is still out.
     *
     * @param scan the {@link #start} that was read to its end and whose servers were asked who they are
     * @return whether the run has ended so
     */
    public boolean complete(int scan) {
        ChangeLog followed = changes();
        String missing = followed == null ? null : followed.missingDeletes();
        boolean ended = locked(
                () -> state == RunState.RUNNING && pages.start() == scan && pages.isSettled() && isEnded(missing));
        if (ended) {
            tellEnd();
        }
        return ended && state().isSettled();
    }

    private boolean isEnded(@Nullable String missing) {
        Counts counts = tally.counts();
        if (!counts.balanced()) {
            return isEnded(
                    RunState.FAILED, counts.read() + " keys were read and " + counts.settled() + " have an outcome");
        }
        if (!functionsArrived) {
            return isEnded(RunState.FAILED, "the functions of the source did not arrive: no rump: producer took them");
        }
        if (missing != null) {
            return isEnded(RunState.INCOMPLETE, missing);
        }
        if (remarks.omission() != null) {
            return isEnded(RunState.INCOMPLETE, remarks.omission());
        }
        if (sourceKeys > 0 && counts.read() == counts.filtered()) {
            remarks.add("0 of " + sourceKeys + " keys passed the filters, or were still there when they were read");
        }
        Map<Difference.Cause, Long> differing = differences.counts();
        RunState last =
                !differing.isEmpty() ? RunState.DIFFERENT : counts.refused() > 0 ? RunState.REFUSED : RunState.COMPLETE;
        return isEnded(last, RunEnd.incompleteness(counts, differing));
    }

    public void fail(String reason) {
        finish(RunState.FAILED, reason);
    }

    /** Gives up all pages that are out: nobody will answer for them any more. */
    public void close() {
        change(pages::startAnew);
    }

    // --- what producers and receipts say ---

    /** The producer takes part in this run: at the end it is asked whether its target is still the same. */
    public void join(Participant witness) {
        locked(() -> witnesses.add(witness));
    }

    /** Whether as many producers take part as there are targets. */
    public boolean hasAllWitnesses() {
        return locked(() -> witnesses.size() >= targets);
    }

    /** Another producer of this run that writes to one of these databases too; null if none does. */
    @Nullable
    public Participant rival(Participant witness, Collection<String> places) {
        return this.<@Nullable Participant>locked(() -> witnesses.stream()
                .filter(other -> other != witness && !Collections.disjoint(other.places(), places))
                .findFirst()
                .orElse(null));
    }

    /** One of the servers that are read; null before the first is found. */
    @Nullable
    public SourceIdentity source() {
        List<SourceIdentity> known = sources();
        return known.isEmpty() ? null : known.get(known.size() - 1);
    }

    /** The servers that are read: another list once another one is found. */
    public List<SourceIdentity> sources() {
        return locked(() -> sources);
    }

    @Nullable
    public Functions functions() {
        return this.<@Nullable Functions>locked(() -> functions);
    }

    /** Whether the source has functions to copy, and no target has said yet that it has them. */
    public boolean wantsFunctions() {
        return locked(() -> !functionsArrived);
    }

    public void functionsArrived() {
        change(() -> functionsArrived = true);
    }

    /** The producer is still trying: the silence is not a page gone missing. */
    public void signOfLife() {
        change(() -> lastSignOfLife = System.nanoTime());
    }

    /** Runs {@code entry} if the page is still out in the present scan, and the run is not over. */
    void enter(Receipt receipt, Runnable entry) {
        change(() -> {
            if (isOut(receipt)) {
                entry.run();
            }
        });
    }

    boolean isOut(Receipt receipt) {
        return locked(() -> !state.isFinal() && pages.contains(receipt));
    }

    public long oldestOut() {
        return locked(pages::oldest);
    }

    void count(Outcome outcome, int keys) {
        change(() -> {
            tally.count(outcome, keys);
            lastSignOfLife = System.nanoTime();
        });
    }

    /** Remembers a refusal; the key itself is counted when all targets have answered for it. */
    public void note(byte[] key, int database, String cause) {
        change(() -> tally.note(new Refusal(key, cause + named(database))));
    }

    public void note(Difference difference) {
        change(() -> differences.add(new Difference(
                difference.key(),
                difference.database(),
                difference.cause(),
                difference.detail() + named(difference.database()))));
    }

    private String named(int database) {
        SourceIdentity known = source();
        return known == null || database == Difference.OF_SERVER
                ? ""
                : known.databases().named(database);
    }

    /** Counts keys that only the target has, and that are deleted once it is known how many there are. */
    public void hold(int keys) {
        change(() -> compared.hold(keys));
    }

    public long held() {
        return locked(compared::held);
    }

    public void undecided(int keys) {
        change(() -> compared.leave(keys));
    }

    /** Keys of a comparison that are not the same, as was agreed to. */
    public void accept(int keptKeys, int reducedKeys) {
        change(() -> compared.accept(keptKeys, reducedKeys));
    }

    /** From now on what the target keeps is remembered. */
    public void keeps() {
        locked(() -> kept = kept == null ? new KeptKeyIndex() : kept);
    }

    private void forgetKept() {
        if (kept != null) {
            kept.clear();
        }
    }

    /** Keys that differ are read and compared once more, after a while. */
    void again(KeyList keys, int database, long cursor, Reading reading, boolean byParts) {
        change(() -> {
            tally.unread(keys.size());
            pages.addAgain(keys, database, cursor, reading, byParts);
        });
    }

    /** Keys that are not settled by their page, and have left it. */
    void readAgain(RetryKeys reread) {
        change(() -> {
            tally.unread(reread.keys().size());
            pages.add(reread);
        });
    }

    void confirmed(Receipt receipt) {
        change(() -> pages.confirm(receipt));
    }

    void denied(Receipt receipt, KeyList unanswered, String cause) {
        change(() -> {
            pages.fail(receipt);
            lastDenial = cause;
            if (receipt.settlesKeys()) {
                readAgain(RetryKeys.afterFailure(
                        unanswered, receipt.database(), receipt.cursor(), receipt.reading(), receipt.isByParts()));
            }
        });
    }

    private void change(Runnable entry) {
        lock.lock();
        try {
            entry.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Any question, or entry that nobody waits for. */
    <T extends @Nullable Object> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
