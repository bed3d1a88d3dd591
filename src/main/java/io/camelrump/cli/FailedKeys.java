package io.camelrump.cli;

import io.camelrump.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The file with every refused key: the key as {@code redis-cli} prints it, a tab, the cause. Each line is on disk at once. */
final class FailedKeys implements AutoCloseable {
    private final @Nullable Path file;
    private final Writer writer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable IOException failure;

    private FailedKeys(@Nullable Path file, Writer writer) {
        this.file = file;
        this.writer = writer;
    }

    static FailedKeys to(@Nullable Path file, OpenOption... options) throws IOException {
        return new FailedKeys(file, file == null ? Writer.nullWriter() : Files.newBufferedWriter(file, options));
    }

    void write(Refusal refusal) {
        write(refusal.quotedKey(), refusal.cause());
    }

    void write(String quotedKey, String cause) {
        lock.lock();
        try {
            writer.write(quotedKey + "\t" + cause.replaceAll("\\R", " ") + "\n");
            writer.flush();
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    /** Tells if a line could not be written. */
    void report(PrintWriter err) {
        if (failure != null) {
            err.println("rump: --failed-keys " + file + " is not whole: " + failure.getMessage());
            err.flush();
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
