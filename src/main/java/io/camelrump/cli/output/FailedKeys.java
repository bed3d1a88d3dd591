package io.camelrump.cli.output;

import io.camelrump.Refusal;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/**
 * The list of every refused or differing key: the key as {@code redis-cli} prints it, a tab, the cause. Each line is
 * handed to the operating system at once.
 *
 * <p>Of a regular file the list grows beside it, under its name with {@code .rump-part} behind, and takes its place at
 * the end of the run: an older list stands until then, and can be the one that the keys are read from. What a killed
 * run left beside belongs to the run that resumes it.
 */
public final class FailedKeys {
    private static final String ENDING = ".rump-part";

    private final @Nullable OutputFile file;
    /** Where the list grows; null where it is written in place. */
    private final @Nullable Path part;

    private final boolean partWasThere;
    private final @Nullable FileChannel channel;
    private final @Nullable PrintWriter stream;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean begun;
    private volatile boolean ended;
    private @Nullable IOException failure;

    private FailedKeys(
            @Nullable OutputFile file,
            @Nullable Path part,
            boolean partWasThere,
            @Nullable FileChannel channel,
            @Nullable PrintWriter stream) {
        this.file = file;
        this.part = part;
        this.partWasThere = partWasThere;
        this.channel = channel;
        this.stream = stream;
    }

    /**
     * Whether the list is to hold what an earlier run wrote too, as there is a checkpoint from which this one goes on.
     */
    public static boolean isOfEarlier(StateRepository<String, String> checkpoint) {
        try {
            String state = checkpoint.getState("");
            return state != null && !state.isEmpty();
        } catch (RuntimeException e) {
            // the run itself says what is wrong
            return true;
        }
    }

    /** A list that nobody wants. */
    public static FailedKeys none() {
        return new FailedKeys(null, null, false, null, null);
    }

    /** @throws IOException if the file cannot be written, or another run writes it */
    public static FailedKeys to(OutputFile file, PrintWriter out, PrintWriter err) throws IOException {
        if (file.objection() != null) {
            throw new IOException(file.objection());
        }
        return switch (file.kind()) {
            case STANDARD_OUTPUT -> new FailedKeys(file, null, false, null, out);
            case STANDARD_ERROR -> new FailedKeys(file, null, false, null, err);
            case FOLDER, IN_PLACE -> new FailedKeys(file, null, false, file.append(), null);
            case REGULAR ->
                file.isReplaceable() ? beside(file) : new FailedKeys(file, null, false, file.append(), null);
        };
    }

    private static FailedKeys beside(OutputFile file) throws IOException {
        Path part = file.beside(ENDING);
        boolean wasThere = Files.exists(part, LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = wasThere
                ? FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                : file.create(part);
        boolean ours = false;
        try {
            ours = isOurs(channel, part);
            return new FailedKeys(file, part, wasThere, channel, null);
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    private static boolean isOurs(FileChannel channel, Path part) throws IOException {
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another run writes it");
            }
        } catch (OverlappingFileLockException e) {
            throw new IOException("another run of this process writes it", e);
        }
        ByteBuffer first = ByteBuffer.allocate(1);
        if (channel.read(first, 0) > 0 && first.get(0) != '"') {
            throw new IOException(part + " is in the way, and is no list of failed keys: move it");
        }
        return true;
    }

    /** The run resumes an earlier one: its list grows on. To be called before the first key. */
    public void keepEarlier() throws IOException {
        begun = true;
        if (part != null && channel != null && file != null) {
            if (!partWasThere && Files.exists(file.place())) {
                write(Files.readAllBytes(file.place()));
            }
            channel.position(channel.size());
        }
    }

    public void write(Refusal refusal) {
        write(refusal.quotedKey(), refusal.cause());
    }

    public void write(String quotedKey, String cause) {
        if (file == null || ended) {
            return;
        }
        // an interrupt, as routes get when they stop, would close the channel
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            begin();
            write((quotedKey + "\t" + cause.replaceAll("\\R", " ") + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** An older list ends here. */
    private void begin() throws IOException {
        if (!begun && channel != null && file != null && file.kind() == OutputFile.Kind.REGULAR) {
            channel.truncate(0);
        }
        begun = true;
    }

    private void write(byte[] line) throws IOException {
        if (stream != null) {
            stream.print(new String(line, StandardCharsets.UTF_8));
            if (stream.checkError()) {
                throw new IOException("its reader is gone, or its disk is full");
            }
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(line);
        while (channel != null && bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Ends the list; later keys are not written.
     *
     * @param replaces whether it takes the place of an older one even if it is empty; where nothing was read it does
     *     not
     * @return why it is not whole, in one sentence; null if it is
     */
    @Nullable
    public String end(boolean replaces) {
        if (file == null || ended) {
            return null;
        }
        lock.lock();
        try {
            ended = true;
            if (replaces) {
                begin();
            }
            if (channel != null) {
                close(file, channel);
            }
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        } finally {
            lock.unlock();
        }
        return failure == null ? null : "--failed-keys " + file + " is not whole: " + OutputFile.reason(failure);
    }

    private void close(OutputFile to, FileChannel open) throws IOException {
        // the lock must outlast the file's old name
        try (open) {
            if (part != null && begun) {
                open.force(true);
                to.replaceBy(part);
            } else if (part != null && !partWasThere) {
                Files.deleteIfExists(part);
            }
        }
    }
}
