package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that one call of the command writes: open before its first key, and ended with it. */
final class RunFiles implements AutoCloseable {
    /** The summary for machines cannot be written at all. */
    static final class UnwritableSummary extends UsageException {
        private static final long serialVersionUID = 1L;

        UnwritableSummary(String message, IOException cause) {
            super(message, cause);
        }
    }

    private final JsonFile json;
    private final FailedKeys failedKeys;
    private final PrintWriter out;
    private final PrintWriter err;

    private RunFiles(JsonFile json, FailedKeys failedKeys, PrintWriter out, PrintWriter err) {
        this.json = json;
        this.failedKeys = failedKeys;
        this.out = out;
        this.err = err;
    }

    /**
     * Opens both files; null where one is not wanted. From now on the summary says that the run has not ended.
     *
     * @param content of a run that did nothing
     * @throws UsageException if one cannot be written
     */
    static RunFiles open(
            @Nullable Path json,
            @Nullable Path failedKeys,
            Map<String, Object> content,
            PrintWriter out,
            PrintWriter err) {
        OutputFile document = json == null ? null : OutputFile.of(json);
        OutputFile list = failedKeys == null ? null : OutputFile.of(failedKeys);
        boolean taken = isStandardOutput(document) || isStandardOutput(list);
        JsonFile opened = JsonFile.none();
        try {
            if (document != null) {
                opened = JsonFile.to(document, out, err);
                opened.writeUnfinished(JsonContent.unfinished(content));
            }
        } catch (IOException e) {
            close(opened);
            throw new UnwritableSummary(unwritable("--json " + json, e), e);
        }
        try {
            FailedKeys keys = list == null ? FailedKeys.none() : FailedKeys.to(list, out, err);
            return new RunFiles(opened, keys, taken ? err : out, err);
        } catch (IOException e) {
            close(opened);
            throw new UsageException(unwritable("--failed-keys " + failedKeys, e), e);
        }
    }

    private static boolean isStandardOutput(@Nullable OutputFile file) {
        return file != null && file.kind() == OutputFile.Kind.STANDARD_OUTPUT;
    }

    private static String unwritable(String file, IOException e) {
        return file + " cannot be written: " + OutputFile.reason(e);
    }

    /** Where texts for people go: to standard error where one of the files is standard output. */
    PrintWriter out() {
        return out;
    }

    FailedKeys failedKeys() {
        return failedKeys;
    }

    /** Keeps what is known after the first of two steps, as long as the second one has not ended. */
    void keep(Map<String, Object> content) {
        try {
            json.writeUnfinished(JsonContent.unfinished(content));
        } catch (IOException e) {
            // the end is written too, and says what is wrong
        }
    }

    /**
     * Ends the list of failed keys.
     *
     * @param replaces whether it takes the place of an older one even if it is empty
     * @return what went wrong, which is printed; null if nothing did
     */
    @Nullable
    String endFailedKeys(boolean replaces) {
        return print(failedKeys.end(replaces));
    }

    /** Writes the summary for machines; returns what went wrong, which is printed, and null if nothing did. */
    @Nullable
    String write(Map<String, Object> content) {
        try {
            json.write(content);
            return null;
        } catch (IOException e) {
            return print(unwritable(json.toString(), e));
        }
    }

    private @Nullable String print(@Nullable String trouble) {
        if (trouble != null) {
            err.println("rump: " + trouble);
            err.flush();
        }
        return trouble;
    }

    @Override
    public void close() {
        failedKeys.end(false);
        close(json);
    }

    private static void close(JsonFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // all of it was written, or that was said
        }
    }
}
