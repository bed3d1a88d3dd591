package io.camelrump.backup;

import io.camelrump.TargetClosedException;
import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes pages in one form. Not thread-safe. */
sealed interface KeyOutput permits WireOutput, Rump1Output, RespOutput {

    /**
     * Writes a page; what stands in a buffer of its own may be written later.
     *
     * @return why keys were left out that the form cannot hold, by index; empty if it holds all
     * @throws TargetClosedException if the form cannot hold the run
     */
    Map<Integer, String> write(PageData page) throws IOException, TargetClosedException;

    /**
     * Writes that all is there, or that it is not, if the form can say so; and all that stands in a buffer.
     *
     * @param last the page without keys that reports the end; null if the pages are of no run
     */
    void end(@Nullable PageData last, WireEnd end) throws IOException;

    /** A note about the file beside its counts, in the words of a person; null if there is none. */
    default @Nullable String remark() {
        return null;
    }
}
