package io.camelrump.received;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.Run;
import io.camelrump.target.WriteReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of other processes' runs at one producer: each is entered in the books of its run, which are opened by its
 * first page.
 *
 * <p>All methods may be called by any thread, and return at once.
 */
public final class Reception {
    private final Function<String, ReceivedRun> opening;
    private final Consumer<ReceivedRun> beginning;

    @GuardedBy("this")
    private final Map<String, ReceivedRun> runs = new LinkedHashMap<>();

    /**
     * @param opening opens the books of a run that was not known by its identifier
     * @param beginning begins a run anew that was over
     */
    public Reception(Function<String, ReceivedRun> opening, Consumer<ReceivedRun> beginning) {
        this.opening = opening;
        this.beginning = beginning;
    }

    /** The stamp of a page that another process has read; null of one whose reader waits for its receipt. */
    private static @Nullable PageStamp stamp(PageData page) {
        PageStamp stamp = page.receipt() == null ? page.origin().stamp() : null;
        return stamp == null || stamp.end() != null && stamp.end().isHere() ? null : stamp;
    }

    /** Opens the books of the runs of these pages. */
    public void open(List<PageData> pages) {
        for (PageData page : pages) {
            PageStamp stamp = stamp(page);
            if (stamp != null) {
                open(stamp);
            }
        }
    }

    private synchronized void open(PageStamp stamp) {
        ReceivedRun known = runs.get(stamp.run());
        if (known == null) {
            runs.put(stamp.run(), opening.apply(stamp.run()));
            return;
        }
        switch (known.turn(stamp)) {
            case BEGINS_ANEW -> {
                beginning.accept(known);
                known.beginAnew(stamp);
            }
            case RESUMES -> known.run().reopen();
            case GOES_ON, IS_OVER -> {}
        }
    }

    private synchronized ReceivedRun run(PageStamp stamp) {
        return Objects.requireNonNull(runs.get(stamp.run()));
    }

    /** The pages that must be written of these, which are sent next; under the lock of their producer. */
    public List<PageData> due(List<PageData> pages) {
        List<PageData> due = new ArrayList<>(pages.size());
        for (PageData page : pages) {
            PageStamp stamp = stamp(page);
            PageData left =
                    stamp == null || page.origin().last() ? page : run(stamp).send(page, stamp);
            if (left != null) {
                due.add(left);
            }
        }
        return due;
    }

    /** The runs of these pages. */
    public List<Run> runs(List<PageData> pages) {
        return pages.stream()
                .map(Reception::stamp)
                .filter(Objects::nonNull)
                .map(PageStamp::run)
                .distinct()
                .map(this::known)
                .toList();
    }

    private synchronized Run known(String id) {
        return Objects.requireNonNull(runs.get(id)).run();
    }

    /**
     * Every key of these pages has its outcome.
     *
     * @param reports outcomes by the identifier of the run
     */
    public void written(List<PageData> pages, Function<String, WriteReport> reports) {
        Map<String, List<PageData>> byRun = new LinkedHashMap<>();
        for (PageData page : pages) {
            PageStamp stamp = stamp(page);
            if (stamp != null && page.origin().last()) {
                run(stamp).end(stamp);
            } else if (stamp != null) {
                byRun.computeIfAbsent(stamp.run(), none -> new ArrayList<>()).add(page);
            }
        }
        byRun.forEach((id, some) ->
                run(Objects.requireNonNull(some.get(0).origin().stamp())).written(some, reports.apply(id)));
    }

    /** All runs that are known, the oldest first. */
    public synchronized List<ReceivedRun> all() {
        return List.copyOf(runs.values());
    }

    /** Forgets a run that is over. */
    public synchronized void forget(ReceivedRun run) {
        runs.values().remove(run);
    }
}
