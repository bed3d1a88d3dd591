package io.camelrump.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the summary for machines goes. A regular file appears whole or not at all; devices and pipes get the document
 * of the end alone.
 */
final class JsonFile implements AutoCloseable {
    private final @Nullable OutputFile file;
    /** Open from the start on, where the file is written in place: a pipe has a reader then. */
    private final @Nullable FileChannel channel;

    private final @Nullable PrintWriter stream;

    private JsonFile(@Nullable OutputFile file, @Nullable FileChannel channel, @Nullable PrintWriter stream) {
        this.file = file;
        this.channel = channel;
        this.stream = stream;
    }

    /** A summary that nobody wants. */
    static JsonFile none() {
        return new JsonFile(null, null, null);
    }

    /** @throws IOException if the file cannot be written */
    static JsonFile to(OutputFile file, PrintWriter out, PrintWriter err) throws IOException {
        if (file.objection() != null) {
            throw new IOException(file.objection());
        }
        return switch (file.kind()) {
            case STANDARD_OUTPUT -> new JsonFile(file, null, out);
            case STANDARD_ERROR -> new JsonFile(file, null, err);
            case FOLDER, IN_PLACE -> new JsonFile(file, file.append(), null);
            case REGULAR -> new JsonFile(file, null, null);
        };
    }

    /** Takes the place of an older document, so that none stands for this run if it is killed. */
    void writeUnfinished(Map<String, Object> content) throws IOException {
        if (file != null && file.kind() == OutputFile.Kind.REGULAR) {
            file.write(bytes(content));
        }
    }

    void write(Map<String, Object> content) throws IOException {
        if (stream != null) {
            stream.print(new String(bytes(content), StandardCharsets.UTF_8));
            if (stream.checkError()) {
                throw new IOException("its reader is gone, or its disk is full");
            }
        } else if (channel != null) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(content));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } else if (file != null) {
            file.write(bytes(content));
        }
    }

    private static byte[] bytes(Map<String, Object> content) throws IOException {
        String text =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(content);
        return (text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return "--json " + file;
    }
}
