package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.OutputFlags;
import io.camelrump.cli.output.DocumentFile;
import io.camelrump.cli.output.DocumentForm;
import io.camelrump.cli.output.FailedKeys;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that one call of the command writes: open before its first key, and ended with it. */
final class RunFiles implements AutoCloseable {
    /** A document about the run cannot be written at all. */
    static final class UnwritableDocument extends UsageException {
        private static final long serialVersionUID = 1L;

        UnwritableDocument(String message, IOException cause) {
            super(message, cause);
        }
    }

    private final List<DocumentFile> documents;
    private final FailedKeys failedKeys;
    private final RunFacts facts;
    private final PrintWriter out;
    private final PrintWriter err;

    private RunFiles(
            List<DocumentFile> documents, FailedKeys failedKeys, RunFacts facts, PrintWriter out, PrintWriter err) {
        this.documents = documents;
        this.failedKeys = failedKeys;
        this.facts = facts;
        this.out = out;
        this.err = err;
    }

    /**
     * Opens those that are wanted. From now on the documents say that the run has not ended.
     *
     * @param content of a run that did nothing
     * @throws UsageException if one cannot be written
     */
    static RunFiles open(
            OutputFlags flags, RunFacts facts, Map<String, Object> content, PrintWriter out, PrintWriter err) {
        Path failedKeys = flags.failedKeys.value();
        OutputFile list = failedKeys == null ? null : OutputFile.of(failedKeys);
        boolean taken = list != null && isStandardOutput(list);
        List<DocumentFile> opened = new ArrayList<>();
        for (Map.Entry<DocumentForm, Path> document : flags.documents().entrySet()) {
            OutputFile file = OutputFile.of(document.getValue());
            taken |= isStandardOutput(file);
            try {
                DocumentFile open = DocumentFile.to(document.getKey(), file, out, err);
                opened.add(open);
                open.writeUnfinished(JsonContent.unfinished(facts.in(content)));
            } catch (IOException e) {
                opened.forEach(RunFiles::close);
                throw new UnwritableDocument(unwritable(document.getKey().flag() + " " + file, e), e);
            }
        }
        try {
            FailedKeys keys = list == null ? FailedKeys.none() : FailedKeys.to(list, out, err);
            return new RunFiles(opened, keys, facts, taken ? err : out, err);
        } catch (IOException e) {
            opened.forEach(RunFiles::close);
            throw new UsageException(unwritable("--failed-keys " + failedKeys, e), e);
        }
    }

    private static boolean isStandardOutput(OutputFile file) {
        return file.kind() == OutputFile.Kind.STANDARD_OUTPUT;
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

    /** Asks both sides who they are, if a document is to say it. */
    void meet(BothSides sides) {
        if (!documents.isEmpty()) {
            facts.meet(sides);
        }
    }

    /** Keeps what is known after the first of two steps, as long as the second one has not ended. */
    void keep(Map<String, Object> content) {
        for (DocumentFile document : documents) {
            try {
                document.writeUnfinished(JsonContent.unfinished(facts.in(content)));
            } catch (IOException e) {
                // the end is written too, and says what is wrong
            }
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

    /** Writes the documents; returns what went wrong first, which is printed, and null if nothing did. */
    @Nullable
    String write(Map<String, Object> content) {
        String trouble = null;
        for (DocumentFile document : documents) {
            try {
                document.write(facts.in(content));
            } catch (IOException e) {
                String printed = print(unwritable(document.toString(), e));
                trouble = trouble == null ? printed : trouble;
            }
        }
        return trouble;
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
        documents.forEach(RunFiles::close);
    }

    private static void close(DocumentFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // all of it was written, or that was said
        }
    }
}
