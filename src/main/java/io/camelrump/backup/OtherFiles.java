package io.camelrump.backup;

import io.camelrump.files.FileAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Recognises files that are no backup of ours by their first bytes. */
final class OtherFiles {
    private static final String BEGINNING = "\u008dRUMP\r\n\u001a";

    private OtherFiles() {}

    /** The kind of the file, and how to go on with it; null if nothing is known of it. */
    static @Nullable String objection(byte[] head, FileAddress file) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        boolean isOurs = text.startsWith(BEGINNING) || BEGINNING.startsWith(text);
        if (file.form() == FileAddress.Form.RUMP1) {
            return text.startsWith(BEGINNING) ? "it is written in the form for the wire: leave rump1: out" : null;
        }
        if (isOurs) {
            return null;
        }
        if (text.startsWith("REDIS") || text.startsWith("VALKEY")) {
            return "it is an RDB file of a server ("
                    + text.substring(0, Math.min(9, text.length())).replaceAll("[^ -~]", "?")
                    + "), which is not read: start a server with it, and copy from there";
        }
        if (text.startsWith("*") && text.contains("\r\n$")) {
            return "it holds commands, as an append-only file does, or what resp: writes: give it to redis-cli --pipe";
        }
        return text.contains(Rump1Pages.SEPARATOR)
                ? "it looks like a file that Rump 1.0 wrote: name it as rump1:" + file.path()
                : "it does not begin as the form for the wire does, or a text filter has changed it";
    }
}
