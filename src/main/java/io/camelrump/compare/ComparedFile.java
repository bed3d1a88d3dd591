package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.backup.BackupPlan;
import io.camelrump.backup.FileNames;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file in which names are looked up, to find keys that only a server has. Its names are remembered by hashes of 64
 * bits: a key that only the server has is overlooked about once in 2<sup>64</sup> times the number of names.
 */
public final class ComparedFile implements ComparedSide {
    private final BackupPlan file;
    private final ComparePlan plan;
    private @Nullable FileNames names;

    public ComparedFile(BackupPlan file, ComparePlan plan) {
        this.file = file;
        this.plan = plan;
    }

    @Override
    public String answerer() {
        return plan.answerer();
    }

    @Override
    public void open() {
        names = FileNames.read(file);
    }

    @Override
    public boolean mayWrite(PageData page) {
        return false;
    }

    @Override
    public void begin(PageData page, Receipt receipt) {
        // names are in memory
    }

    @Override
    public void compare(PageData page, Receipt receipt) {
        FileNames known = names;
        if (known == null) {
            throw new IllegalStateException("the file was not read");
        }
        PageComparison comparison = new PageComparison(page, receipt, plan, false);
        boolean[] due = Comparer.due(page, receipt, plan);
        for (int i = 0; i < due.length; i++) {
            if (due[i]) {
                judge(page, i, known, comparison);
            }
        }
        comparison.report();
    }

    private void judge(PageData page, int i, FileNames known, PageComparison comparison) {
        ReverseMapping.Found found = plan.origins().of(page.database(), page.key(i));
        List<TargetNameIndex.Source> sources = found.sources();
        if (sources.isEmpty() && !found.hidden()) {
            comparison.filtered(i);
        } else if (page.isGone(i)) {
            comparison.gone(i);
        } else if (sources.stream().anyMatch(source -> known.contains(source.database(), source.key()))) {
            comparison.same(i);
        } else if (found.hidden()) {
            comparison.undecided(i);
        } else if (sources.size() == 1) {
            comparison.differs(i, sources.get(0), Difference.Cause.EXTRA, "only the target has it");
        } else {
            comparison.differs(i, Difference.Cause.EXTRA, "only the target has it");
        }
    }

    @Override
    public boolean confirm(Run run) {
        return true;
    }

    @Override
    public long bytesSent() {
        return 0;
    }

    @Override
    public void close() {
        names = null;
    }
}
