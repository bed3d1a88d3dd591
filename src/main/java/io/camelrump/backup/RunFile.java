package io.camelrump.backup;

import io.camelrump.Counts;
import io.camelrump.RunState;
import io.camelrump.TargetClosedException;
import io.camelrump.files.OutputFile;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.Receipt;
import io.camelrump.run.RemoteEnd;
import io.camelrump.run.Run;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file, and the run whose pages go into it. Not thread-safe. */
final class RunFile {
    private static final Logger LOG = LoggerFactory.getLogger(RunFile.class);

    private final FilePlan plan;
    private final KeyFile file;
    private @Nullable Run run;
    /** Number of the scan whose pages are written; -1 before the first one. */
    private int epoch = -1;

    private @Nullable PageStamp lastPage;

    private RunFile(FilePlan plan, KeyFile file) {
        this.plan = plan;
        this.file = file;
    }

    /** Begins the file. */
    static RunFile open(FilePlan plan, OutputFile place) throws IOException {
        return new RunFile(plan, KeyFile.open(plan, place));
    }

    /** The run whose pages go into it; null while there is none. */
    @Nullable
    Run run() {
        return run;
    }

    void belongTo(Run of) {
        run = of;
    }

    /**
     * Whether a page is of an earlier scan. A scan that restarts reads all keys again: those before it may be gone by
     * now, so a file begins anew where it can.
     */
    boolean isVoid(Receipt receipt) throws IOException {
        int of = receipt.epoch().number();
        if (of > epoch && epoch >= 0) {
            file.beginAnew();
        }
        epoch = Math.max(epoch, of);
        return of < epoch;
    }

    /** @return why keys were left out that the form cannot hold, by index */
    Map<Integer, String> write(PageData page) throws IOException, TargetClosedException {
        Map<Integer, String> refused = file.write(page);
        lastPage = page.receipt() == null ? lastPage : PageStamp.of(page);
        return refused;
    }

    /** Writes the end; the file is on disk under its name when this returns. */
    void complete(WireEnd end) throws IOException {
        file.complete(endPage(), end);
        Run of = run;
        if (of != null && file.size() >= 0) {
            of.report().remark(String.format(Locale.ROOT, "%s is complete: %,d bytes", plan.address(), file.size()));
        }
        String remark = file.remark();
        if (of != null && remark != null) {
            of.report().remark(plan.address() + ": " + remark);
        }
    }

    /** With the numbers of pages that are not in the file because their keys were read again. */
    private @Nullable PageData endPage() {
        PageStamp last = lastPage;
        if (last == null) {
            return null;
        }
        RemoteEnd here =
                new RemoteEnd(null, null, run == null ? List.of() : run.pages().voided(), true);
        return PageData.end(0, PageStamp.ofEnd(last.run(), last.epoch(), last.sequence() + 1, here));
    }

    /** Closes it where its run has not come to its end: it keeps the name that it has meanwhile. */
    void leave() {
        Run of = run;
        RunState state = of == null || !of.state().isFinal() ? RunState.INCOMPLETE : of.state();
        Counts counts = of == null ? Counts.NONE : of.report().counts();
        try {
            Path left = file.leave(endPage(), new WireEnd(state, of == null ? null : of.failure(), counts));
            if (left != null) {
                LOG.warn("{} holds what was read until the run ended, and says that it is not complete", left);
            }
        } catch (IOException e) {
            LOG.warn("{} is cut off: {}", file.inProgress(), OutputFile.reason(e));
        }
    }

    /** The name of the file while it is not complete. */
    String inProgress() {
        return file.inProgress();
    }
}
