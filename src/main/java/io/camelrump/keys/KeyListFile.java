package io.camelrump.keys;

import io.camelrump.UsageException;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.NameLimit;
import io.camelrump.redis.RedisException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A file with one key a line: as it is, or in quotes as {@code redis-cli} prints it and as a list of failed keys has
 * it. What follows a quoted key on its line is its cause, and overlooked; empty lines are too.
 *
 * <p>It is read in parts, so that it may be longer than the heap.
 */
public final class KeyListFile implements GivenKeys.Reading {
    private final Path file;
    private final InputStream in;
    private long lines;
    private long keys;
    private boolean ended;
    /** The line that was read last, and then its key. */
    private byte[] line = new byte[256];

    private int length;
    /** Whether its key is still to be given, as those before it were long enough together. */
    private boolean held;

    private KeyListFile(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    public static KeyListFile open(Path file) throws IOException {
        return new KeyListFile(file, new BufferedInputStream(Files.newInputStream(file), 64 * 1024));
    }

    /**
     * Reads the file once, so that a line that is no key is found before the first key is copied, and counts its keys.
     */
    public static long count(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new UsageException("keysFrom=" + file + " is a pipe or a device, and keys are read several times:"
                    + " write them into a file");
        }
        try (KeyListFile whole = open(file)) {
            while (!whole.ended) {
                whole.next(1000);
            }
            return whole.keys;
        } catch (IOException e) {
            throw new UsageException("keysFrom=" + file + " cannot be read: " + reason(e), e);
        }
    }

    /** Hands over each key of the file, in order. */
    public static void each(Path file, Consumer<byte[]> taker) {
        try (KeyListFile whole = open(file)) {
            while (!whole.ended) {
                KeyList some = whole.next(1000);
                for (int i = 0; i < some.size(); i++) {
                    taker.accept(some.get(i));
                }
            }
        } catch (IOException e) {
            throw RedisException.permanentError("keysFrom=" + file + " cannot be read: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        return e instanceof AccessDeniedException ? "not allowed to" : String.valueOf(e.getMessage());
    }

    @Override
    public long keys() {
        return keys;
    }

    @Override
    public boolean isAtEnd() {
        return ended;
    }

    /** The next keys, fewer only at the end of the file and where they are long. */
    @Override
    public KeyList next(int count) throws IOException {
        return next(count, NameLimit.bytes());
    }

    /** @param mostBytes of all of them together, where there is more than one */
    KeyList next(int count, int mostBytes) throws IOException {
        KeyList.Builder list = new KeyList.Builder(Math.min(count, 1000));
        long bytes = 0;
        while (list.size() < count && (held || readKey())) {
            bytes += length;
            held = list.size() > 0 && bytes > mostBytes;
            if (held) {
                break;
            }
            int offset = list.grow(length);
            System.arraycopy(line, 0, list.array(), offset, length);
            keys++;
        }
        return list.build();
    }

    /** Reads the lines up to the next key; false at the end of the file. */
    private boolean readKey() throws IOException {
        do {
            if (!readLine()) {
                return false;
            }
        } while (length == 0);
        if (line[0] == '"') {
            unquote();
        }
        return true;
    }

    /** Bytes up to the line end, LF or CRLF; false at the end of the file. */
    private boolean readLine() throws IOException {
        length = 0;
        int b = in.read();
        if (b < 0) {
            ended = true;
            return false;
        }
        lines++;
        int most = NameLimit.bytes();
        while (b >= 0 && b != '\n') {
            if (length == most) {
                throw new UsageException("keysFrom=" + file + ": line " + lines + " is longer than " + most
                        + " bytes, a sixteenth of the heap; set a larger -Xmx, or is this a file with one key a line?");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, (int) Math.min(most, 2L * length));
            }
            line[length++] = (byte) b;
            b = in.read();
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return true;
    }

    /** Puts the key of a quoted line, which is never longer, instead of the line. */
    private void unquote() {
        int key = 0;
        int i = 1;
        while (i < length && line[i] != '"') {
            if (line[i] != '\\') {
                line[key++] = line[i++];
            } else if (i + 3 < length && line[i + 1] == 'x') {
                line[key++] = (byte) (hex(line[i + 2]) << 4 | hex(line[i + 3]));
                i += 4;
            } else if (i + 1 < length) {
                line[key++] = (byte) unescaped(line[i + 1]);
                i += 2;
            } else {
                throw wrong("ends in a backslash");
            }
        }
        if (i == length) {
            throw wrong("begins with a quote and has none at its end");
        }
        if (i + 1 < length && line[i + 1] != '\t' && line[i + 1] != ' ') {
            throw wrong("goes on behind its closing quote");
        }
        length = key;
    }

    private int hex(byte digit) {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw wrong("has no two hexadecimal digits behind a \\x");
        }
        return value;
    }

    private int unescaped(byte letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'a' -> 7;
            case 'b' -> '\b';
            case '"', '\\' -> letter;
            default -> throw wrong("has an escape that is none of \\\" \\\\ \\n \\r \\t \\a \\b \\xNN");
        };
    }

    private UsageException wrong(String what) {
        return new UsageException("keysFrom=" + file + ": line " + lines + " " + what
                + "; a key that begins with a quote is itself to be quoted");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
