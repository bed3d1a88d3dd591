package io.camelrump.backup;

import io.camelrump.Refusal;
import io.camelrump.files.FileAddress;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.values.DecodedParts;
import io.camelrump.values.KeyPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of a file that have to be read again: from the pages that are kept, or in parts from the file. */
final class Rereads {
    private final FileAddress file;
    private final boolean isFile;
    private final KeptPages kept;
    private final PartCopies copies;
    private final Run run;
    private final Deque<PartsAgain> parts = new ArrayDeque<>();

    /** @param isFile whether it can be opened once more */
    Rereads(FileAddress file, boolean isFile, KeptPages kept, PartCopies copies, Run run) {
        this.file = file;
        this.isFile = isFile;
        this.kept = kept;
        this.copies = copies;
        this.run = run;
    }

    /** Whether no key is read in parts once more. */
    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Places of the keys that are. */
    List<Cursor> places() {
        List<Cursor> places = new ArrayList<>();
        parts.forEach(again -> places.add(again.place()));
        return places;
    }

    /** The next part of a key that is read in parts once more; null if there is none now. */
    @Nullable
    PageData next() {
        PartsAgain first = parts.peek();
        if (first == null) {
            return null;
        }
        try {
            PageData page = first.next();
            if (page == null || first.isOver()) {
                close(parts.remove());
            }
            if (page == null) {
                refuse(first.key(), "its parts were not found once more in " + file);
            }
            return page;
        } catch (IOException e) {
            close(parts.remove());
            refuse(first.key(), "its parts could not be read once more: " + BackupErrors.text(e));
            return null;
        }
    }

    /** The pages that hold these keys once more; keys that cannot be had again are refused. */
    List<PageData> pages(RetryKeys reread) {
        PageData page = kept.at(reread.cursor());
        if (page == null) {
            for (int i = 0; i < reread.keys().size(); i++) {
                refuse(reread.keys().get(i), "it was to be read once more, and " + file + " is read on already");
            }
            return List.of();
        }
        int[] indexes = indexes(page, reread.keys());
        if (page.form() == PageForm.PAYLOADS && !reread.byParts()) {
            return List.of(page.only(indexes, page.origin().only(indexes).as(reread.reading(), PageForm.PAYLOADS)));
        }
        PageData again =
                page.form() == PageForm.PAYLOADS ? decoded(page, indexes, reread) : renamed(page, indexes, reread);
        return again == null ? List.of() : List.of(again);
    }

    private static int[] indexes(PageData page, KeyList keys) {
        Map<ByteBuffer, Integer> places = new HashMap<>();
        for (int i = 0; i < page.size(); i++) {
            places.put(ByteBuffer.wrap(page.key(i)), i);
        }
        int[] indexes = new int[keys.size()];
        for (int n = 0; n < indexes.length; n++) {
            indexes[n] = places.get(ByteBuffer.wrap(keys.get(n)));
        }
        return indexes;
    }

    /** The elements of values whose payloads the target does not take. */
    private @Nullable PageData decoded(PageData page, int[] indexes, RetryKeys reread) {
        List<Integer> known = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (int i : indexes) {
            KeyPart part = reread.reading().isSpent(false)
                    ? null
                    : DecodedParts.of(copies.newName(), page.payloads(), page.payloadOffset(i), page.payloadLength(i));
            if (part == null) {
                refuse(
                        page.key(i),
                        "the target does not take its payload, of form " + page.payloads()[page.payloadOffset(i)]
                                + ", and there is no server to be asked for its elements: restore it to a server of the"
                                + " version that it came from, and copy it from there");
            } else {
                known.add(i);
                values.add(part.encode());
            }
        }
        return known.isEmpty() ? null : page(page, known, values, reread);
    }

    /** The copies of these keys are void: they are put together under other names. */
    private @Nullable PageData renamed(PageData page, int[] indexes, RetryKeys reread) {
        List<Integer> whole = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (int i : indexes) {
            KeyPart part = KeyPart.of(page, i);
            if (part == null) {
                whole.add(i);
                values.add(new byte[0]);
            } else if (reread.reading().isSpent(false)) {
                refuse(page.key(i), "its parts did not arrive as a whole, however often they were sent");
            } else if (part.step() == KeyPart.Step.LAST) {
                again(page, i, part, reread);
            } else {
                whole.add(i);
                values.add(TakenPages.named(part, copies.newName()).encode());
            }
        }
        return whole.isEmpty() ? null : page(page, whole, values, reread);
    }

    private void again(PageData page, int i, KeyPart part, RetryKeys reread) {
        if (isFile) {
            parts.add(new PartsAgain(
                    file, copies.nameInFile(part.copy()), copies.rename(part.copy()), page, i, reread.reading()));
        } else {
            refuse(page.key(i), "its parts did not all arrive, and " + file + " cannot be read once more");
        }
    }

    private static PageData page(PageData page, List<Integer> some, List<byte[]> values, RetryKeys reread) {
        int[] indexes = some.stream().mapToInt(Integer::intValue).toArray();
        return TakenPages.withValues(page, indexes, values, reread.reading(), PageForm.ELEMENTS);
    }

    private void refuse(byte[] key, String cause) {
        run.sources().refuse(new Refusal(key, cause));
    }

    void clear() {
        parts.forEach(Rereads::close);
        parts.clear();
    }

    private static void close(PartsAgain again) {
        again.close();
    }
}
