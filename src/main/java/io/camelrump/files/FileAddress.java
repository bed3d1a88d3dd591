package io.camelrump.files;

import io.camelrump.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A file that stands where the address of a server could stand: {@code backup.rump}, {@code file:PATH},
 * {@code rump1:PATH}, {@code resp:PATH}, or {@code -} for standard input and output.
 *
 * @param form how keys are written in it
 * @param path as it was given, without the prefix of its form
 */
public record FileAddress(Form form, String path) {
    /** How keys are written in a file. */
    public enum Form {
        /** The form for the wire, with checksums and an end marker. */
        RUMP("file:"),
        /** The form of Rump 1.0: keys, payloads and remaining times to live, with a separator between. */
        RUMP1("rump1:"),
        /** Commands of the Redis protocol, for {@code redis-cli --pipe}. */
        RESP("resp:");

        private final String prefix;

        Form(String prefix) {
            this.prefix = prefix;
        }
    }

    /** How the bytes of a file are compressed. */
    public enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    private static final String STANDARD = "-";

    /** Whether the text stands for a file rather than for a server: by its prefix, by its ending, or as {@code -}. */
    public static boolean isOne(String text) {
        boolean prefixed = Arrays.stream(Form.values()).anyMatch(form -> text.startsWith(form.prefix));
        boolean suffixed = !text.contains("://") && text.matches("(?s).*\\.rump(\\.gz|\\.zst)?");
        return prefixed || suffixed || text.equals(STANDARD);
    }

    /**
     * The file of a text, which needs neither prefix nor ending.
     *
     * @throws UsageException if it names none
     */
    public static FileAddress parse(String text) {
        Form form = Arrays.stream(Form.values())
                .filter(each -> text.startsWith(each.prefix))
                .findFirst()
                .orElse(Form.RUMP);
        String path = text.startsWith(form.prefix) ? text.substring(form.prefix.length()) : text;
        if (path.startsWith("//")) {
            if (!path.startsWith("///")) {
                throw new UsageException("names a file on a host: write " + form.prefix + "PATH, or " + form.prefix
                        + "///PATH with an absolute path");
            }
            path = path.substring(2);
        }
        if (path.isEmpty()) {
            throw new UsageException("names no file: write " + form.prefix + "PATH");
        }
        try {
            Path.of(path);
        } catch (InvalidPathException e) {
            throw new UsageException("names no file: " + e.getReason(), e);
        }
        return new FileAddress(form, path);
    }

    /** How its bytes are compressed, as its name ends. */
    public Compression compression() {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? Compression.GZIP : name.endsWith(".zst") ? Compression.ZSTD : Compression.NONE;
    }

    /** Whether it is standard input, or standard output. */
    public boolean isStandard() {
        return path.equals(STANDARD);
    }

    /** The file as a path; {@code -} is what {@link OutputFile} takes for standard output. */
    public Path toPath() {
        return Path.of(path);
    }

    /** As it may be given again; without a prefix where none is needed. */
    @Override
    public String toString() {
        return form == Form.RUMP ? path : form.prefix + path;
    }
}
