package io.camelrump.cli.flags;

import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The names of keys that come through a pipe or another file that can be read only once. They are kept in a temporary
 * file until this process ends: a run reads them for each database, after a restart of the source, and for a
 * comparison.
 */
public final class PipedKeys {
    private static final Path STANDARD_INPUT = Path.of("-");

    private PipedKeys() {}

    /**
     * The file itself if it is a regular one, or none at all; else a temporary one with what it gives, up to its end.
     *
     * @param given a path; {@code -} is standard input
     * @throws IOException if it cannot be read, or kept; the message says which
     */
    static Path kept(Path given, StopSignals signals) throws IOException {
        boolean standardInput = given.equals(STANDARD_INPUT);
        if (!standardInput && (!Files.exists(given) || Files.isRegularFile(given) || Files.isDirectory(given))) {
            return given;
        }
        String name = standardInput ? "stdin" : String.valueOf(given.getFileName());
        Path kept = Files.createTempFile("rump-keys-from-" + name + "-", ".txt");
        kept.toFile().deleteOnExit();
        signals.beforeHalt(() -> delete(kept));
        Runnable end = signals.onFirst(() -> {});
        signals.onFirst(() -> {
            System.err.println(
                    "rump: stopped by " + signals.received() + " while --keys-from was read: no key is copied");
            end.run();
        });
        try (InputStream keys = standardInput ? System.in : Files.newInputStream(given)) {
            Files.copy(keys, kept, StandardCopyOption.REPLACE_EXISTING);
        }
        signals.onFirst(end);
        return kept;
    }

    private static void delete(Path kept) {
        try {
            Files.deleteIfExists(kept);
        } catch (IOException e) {
            // it goes when Java ends
        }
    }
}
