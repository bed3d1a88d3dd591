package io.camelrump.cli.output;

import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a document about a run goes. A regular file appears whole or not at all; devices and pipes get the document of
 * the end alone.
 */
public final class DocumentFile implements AutoCloseable {
    private final DocumentForm form;
    private final OutputFile file;
    /** Open from the start on, where the file is written in place: a pipe has a reader then. */
    private final @Nullable FileChannel channel;

    private final @Nullable PrintWriter stream;

    private DocumentFile(
            DocumentForm form, OutputFile file, @Nullable FileChannel channel, @Nullable PrintWriter stream) {
        this.form = form;
        this.file = file;
        this.channel = channel;
        this.stream = stream;
    }

    /** @throws IOException if the file cannot be written */
    public static DocumentFile to(DocumentForm form, OutputFile file, PrintWriter out, PrintWriter err)
            throws IOException {
        if (file.objection() != null) {
            throw new IOException(file.objection());
        }
        return switch (file.kind()) {
            case STANDARD_OUTPUT -> new DocumentFile(form, file, null, out);
            case STANDARD_ERROR -> new DocumentFile(form, file, null, err);
            case FOLDER, IN_PLACE -> new DocumentFile(form, file, file.append(), null);
            case REGULAR -> new DocumentFile(form, file, null, null);
        };
    }

    /** Takes the place of an older document, so that none stands for this run if it is killed. */
    public void writeUnfinished(Map<String, Object> content) throws IOException {
        if (file.kind() == OutputFile.Kind.REGULAR) {
            file.write(bytes(form.text(content)));
        }
    }

    public void write(Map<String, Object> content) throws IOException {
        write(form.text(content));
    }

    /** @param document the whole text */
    public void write(String document) throws IOException {
        if (stream != null) {
            stream.print(document);
            if (stream.checkError()) {
                throw new IOException("its reader is gone, or its disk is full");
            }
        } else if (channel != null) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(document));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } else {
            file.write(bytes(document));
        }
    }

    private static byte[] bytes(String document) {
        return document.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** The flag that names it, and its value. */
    @Override
    public String toString() {
        return form.flag() + " " + file;
    }
}
