package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secret by which a run is steered: from a file, else from the environment.
 *
 * @param made file that was made for it, which its user alone can read; null if it was given
 */
record ControlToken(String text, @Nullable Path made) implements AutoCloseable {
    static final String VARIABLE = "RUMP_CONTROL_TOKEN";
    private static final int LEAST_LENGTH = 16;
    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * The token that was given.
     *
     * @return null if none was
     * @throws UsageException if its file cannot be read, or it is easily guessed
     */
    static @Nullable ControlToken given(@Nullable Path file, Map<String, String> environment) {
        String text = file == null ? environment.getOrDefault(VARIABLE, "") : read(file);
        if (file == null && text.isEmpty()) {
            return null;
        }
        if (text.length() < LEAST_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new UsageException((file == null ? VARIABLE : "--control-token-file " + file)
                    + " has no token: it takes at least " + LEAST_LENGTH
                    + " characters that are letters, digits or signs");
        }
        return new ControlToken(text, null);
    }

    private static String read(Path file) {
        try {
            OtherUsers.warnOfReaders(file, "token");
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UsageException(
                    "--control-token-file " + file + " cannot be read (" + OutputFile.reason(e) + ")", e);
        }
    }

    /** Makes one, in a file of its own until it is closed. */
    static ControlToken make() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            // mode 600 from its first instant on
            Path file = Files.createTempFile("rump-control-", ".token");
            Files.writeString(file, text + "\n");
            return new ControlToken(text, file);
        } catch (IOException e) {
            throw new UsageException(
                    "no file can be made for the token of --control-port (" + OutputFile.reason(e) + "): set "
                            + VARIABLE,
                    e);
        }
    }

    /** Deletes the file that was made. */
    @Override
    public void close() {
        if (made != null) {
            try {
                Files.deleteIfExists(made);
            } catch (IOException e) {
                // it steers nothing any more
            }
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return made == null ? "the token that was given" : "the token in " + made;
    }
}
