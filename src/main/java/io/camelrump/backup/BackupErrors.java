package io.camelrump.backup;

import io.camelrump.WireFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** Words for what is wrong with the bytes of a file. */
final class BackupErrors {
    private BackupErrors() {}

    /**
     * What is wrong at a place of a file.
     *
     * @param offset bytes before it that are whole
     */
    static String damage(IOException e, long offset, boolean packed) {
        String where = packed ? " (of the unpacked bytes)" : "";
        if (e instanceof WireFormatException) {
            return "it cannot be read any further. " + e.getMessage() + where;
        }
        return "it cannot be read any further than byte " + offset + where + ": " + text(e);
    }

    static String text(IOException e) {
        if (e instanceof EOFException) {
            return "what was packed is cut off";
        }
        if (e instanceof ZipException) {
            return "what was packed is damaged (" + e.getMessage() + ")";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
