package io.camelrump.options;

import io.camelrump.UsageException;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** Where the progress of a run is recorded, and whether a run resumes from there. */
@UriParams
public class CheckpointOptions {

    @UriParam(
            label = "consumer,checkpoint",
            description = "Bean that stores the progress of the run each second, so that a later run can resume there: "
                    + "a CheckpointFile, a CheckpointKey or any other StateRepository.")
    private @Nullable StateRepository<String, String> checkpoint;

    @UriParam(
            label = "consumer,checkpoint",
            defaultValue = "false",
            description = "Resumes from the checkpoint, if there is one.")
    private boolean resume;

    @UriParam(
            label = "consumer,checkpoint",
            defaultValue = "false",
            description = "Starts over if the existing checkpoint cannot, or must not, be resumed.")
    private boolean restartScan;

    /** @throws UsageException if there is nothing to resume from, or the scan has no progress to record */
    public void check(SourceOptions source, SelectionOptions selection) {
        if (resume && checkpoint == null) {
            throw OptionText.wrong("resume", true, "given with a checkpoint");
        }
        if (checkpoint != null && !source.readsAllOnce(selection)) {
            throw OptionText.wrong("checkpoint", checkpoint, SourceOptions.WHOLE_SCAN);
        }
    }

    public @Nullable StateRepository<String, String> getCheckpoint() {
        return checkpoint;
    }

    public void setCheckpoint(@Nullable StateRepository<String, String> checkpoint) {
        this.checkpoint = checkpoint;
    }

    public boolean isResume() {
        return resume;
    }

    public void setResume(boolean resume) {
        this.resume = resume;
    }

    public boolean isRestartScan() {
        return restartScan;
    }

    public void setRestartScan(boolean restartScan) {
        this.restartScan = restartScan;
    }
}
