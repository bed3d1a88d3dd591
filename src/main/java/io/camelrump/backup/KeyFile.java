package io.camelrump.backup;

import io.camelrump.TargetClosedException;
import io.camelrump.files.OutputFile;
import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file of keys that is being written: its form, its compression, and the file itself. Not thread-safe. */
final class KeyFile {
    private final @Nullable FileInProgress file;
    private final FilePlan plan;
    private final OutputStream bytes;
    private OutputStream stream;
    private KeyOutput keys;
    private boolean hasKeys;

    private KeyFile(FilePlan plan, @Nullable FileInProgress file, OutputStream bytes) throws IOException {
        this.plan = plan;
        this.file = file;
        this.bytes = bytes;
        this.stream = stream(plan, bytes);
        this.keys = keys(plan, stream);
    }

    private static OutputStream stream(FilePlan plan, OutputStream bytes) throws IOException {
        return Compressor.compressed(new KeptOpen(bytes), plan.address().compression());
    }

    private static KeyOutput keys(FilePlan plan, OutputStream stream) {
        return switch (plan.address().form()) {
            case RUMP -> new WireOutput(stream, plan.program());
            case RUMP1 -> new Rump1Output(stream, plan.keepTtl(), InstantSource.system());
            case RESP -> new RespOutput(stream, plan.keepTtl(), plan.replace());
        };
    }

    /** Begins the file; one that is only counted for a dry run. */
    static KeyFile open(FilePlan plan, OutputFile place) throws IOException {
        if (plan.dryRun()) {
            return new KeyFile(plan, null, OutputStream.nullOutputStream());
        }
        FileInProgress begun = FileInProgress.open(place, plan.overwrite());
        boolean ready = false;
        try {
            KeyFile opened = new KeyFile(plan, begun, begun.out());
            ready = true;
            return opened;
        } finally {
            if (!ready) {
                begun.leave(false);
            }
        }
    }

    /** @return why keys were left out that the form cannot hold, by index */
    Map<Integer, String> write(PageData page) throws IOException, TargetClosedException {
        hasKeys |= page.size() > 0;
        return keys.write(page);
    }

    /** Forgets all that was written, as far as that can be taken back: from a pipe it cannot. */
    void beginAnew() throws IOException {
        if (file == null || file.hasPartial()) {
            stream.close();
            if (file != null) {
                file.beginAnew();
            }
            hasKeys = false;
            stream = stream(plan, bytes);
            keys = keys(plan, stream);
        }
    }

    /** Writes the end; the file is on disk under its name when this returns. */
    void complete(@Nullable PageData last, WireEnd end) throws IOException {
        writeEnd(last, end);
        if (file != null) {
            file.complete();
        }
    }

    private void writeEnd(@Nullable PageData last, WireEnd end) throws IOException {
        keys.end(last, end);
        stream.close();
    }

    /**
     * Closes a file that is not complete; it says so, as far as its form can.
     *
     * @return the name that it has, or null if nothing is left
     */
    @Nullable
    Path leave(@Nullable PageData last, WireEnd end) throws IOException {
        if (file == null) {
            return null;
        }
        IOException trouble = null;
        try {
            if (hasKeys) {
                writeEnd(last, end);
            }
        } catch (IOException e) {
            trouble = e;
        }
        Path left = file.leave(hasKeys);
        if (trouble != null) {
            throw trouble;
        }
        return left;
    }

    /** Where compressed bytes go: who closes the compression has not closed the file. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    /** The name of the file while it is not complete. */
    String inProgress() {
        return file == null ? "" : file.inProgress();
    }

    /** Bytes of the complete file; -1 where it is none, as a pipe. */
    long size() throws IOException {
        return file == null ? -1 : file.size();
    }

    /** A note about the file beside its counts, in the words of a person; null if there is none. */
    @Nullable
    String remark() {
        return keys.remark();
    }
}
