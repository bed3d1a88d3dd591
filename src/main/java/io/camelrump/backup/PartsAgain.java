package io.camelrump.backup;

import io.camelrump.files.FileAddress;
import io.camelrump.redis.Cursor;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.Reading;
import io.camelrump.values.KeyPart;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the parts of one key once more, from the beginning of the file on, and beside what is read of it. */
final class PartsAgain {
    private final FileAddress file;
    private final String nameInFile;
    private final String name;
    private final PageData last;
    private final int index;
    private final Reading reading;
    private @Nullable BackupBytes bytes;
    private @Nullable WirePages pages;
    private boolean over;

    /**
     * @param nameInFile of the copy
     * @param name that it has this time
     * @param last the page that had its last part before
     * @param index of the key in that page
     */
    PartsAgain(FileAddress file, String nameInFile, String name, PageData last, int index, Reading reading) {
        this.file = file;
        this.nameInFile = nameInFile;
        this.name = name;
        this.last = last;
        this.index = index;
        this.reading = reading;
    }

    byte[] key() {
        return last.key(index);
    }

    /** Place of its last part in the file. */
    Cursor place() {
        return last.origin().cursor();
    }

    /** Whether its last part was given. */
    boolean isOver() {
        return over;
    }

    /** The next part; null if there is none any more. */
    @Nullable
    PageData next() throws IOException {
        WirePages open = open();
        for (PageData page = open.next(); page != null; page = open.next()) {
            for (int i = 0; page.form() != PageForm.PAYLOADS && i < page.size(); i++) {
                KeyPart part = KeyPart.of(page, i);
                if (part != null && part.copy().equals(nameInFile)) {
                    over = part.step().completes();
                    // the place of its last part, by which it is known if it has to be read a third time
                    return TakenPages.withValues(
                                    page.only(new int[] {i}, page.origin().at(place())),
                                    new int[] {0},
                                    List.of(TakenPages.named(part, name).encode()),
                                    reading,
                                    over ? PageForm.ELEMENTS : PageForm.PART)
                            .to(last.targetDatabase());
                }
            }
        }
        return null;
    }

    private WirePages open() throws IOException {
        WirePages open = pages;
        if (open == null) {
            BackupBytes opened = BackupBytes.open(file);
            bytes = opened;
            open = new WirePages(opened.stream());
            pages = open;
        }
        return open;
    }

    void close() {
        BackupBytes open = bytes;
        if (open != null) {
            open.closeQuietly();
        }
    }
}
