package io.camelrump.backup;

import io.camelrump.files.FileAddress;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The names of all keys of a file that the filters take, by hashes of them: 8 to 24 bytes a name. */
public final class FileNames {
    private static final int PART_OF_HEAP = 4;

    private final FileAddress file;
    private final PageFilter filter;
    /** Whether keys are told apart by their databases. */
    private final boolean byDatabase;

    private final Map<Integer, NameHashes> names = new HashMap<>();

    private FileNames(BackupPlan plan) {
        this.file = plan.file();
        this.filter = plan.filter();
        this.byDatabase = !plan.asPagesSay();
    }

    /**
     * Reads the names of a file, up to where it is damaged: whoever reads its keys says so.
     *
     * @throws RedisException a permanent one if it cannot be read beside its keys, or has more names than fit
     */
    public static FileNames read(BackupPlan plan) {
        FileNames found = new FileNames(plan);
        try (BackupBytes bytes = BackupBytes.open(plan.file())) {
            if (!bytes.canRewind()) {
                throw RedisException.permanentError((plan.file().isStandard()
                                ? "standard input"
                                : plan.file().toString())
                        + " can be read once, and a comparison reads it twice: put it into a file.");
            }
            found.readAll(
                    BackupSource.pages(plan.file(), bytes, ServerClock.unknown().nowMillis()));
        } catch (IOException e) {
            throw BackupSource.unreadable(plan.file(), e);
        }
        return found;
    }

    private void readAll(BackupPages pages) {
        try {
            for (PageData page = pages.next(); page != null; page = pages.next()) {
                add(page);
            }
        } catch (IOException e) {
            // the reader of its keys comes to the same place, and the comparison is incomplete by that
            return;
        }
    }

    private void add(PageData page) {
        if (!filter.takesDatabase(page)) {
            return;
        }
        if (!byDatabase && page.targetDatabase() >= 0) {
            throw RedisException.permanentError(
                    file + " holds keys of databases that go to those of their numbers, such" + " as " + page.database()
                            + ": compare it with db=all (--db all).");
        }
        NameHashes known =
                names.computeIfAbsent(byDatabase ? page.database() : 0, number -> new NameHashes(mostBytes()));
        for (int i = 0; i < page.size(); i++) {
            if (page.isGone(i) || PageFilter.isTemporary(page, i) || !filter.takes(page, i)) {
                continue;
            }
            if (!known.add(
                    page.keys().array(), page.keys().offset(i), page.keys().length(i))) {
                throw RedisException.permanentError("More than " + known.size() + " names of " + file
                        + " do not fit into the quarter of this heap that they may take, at up to 24 bytes each: set a"
                        + " larger -Xmx.");
            }
        }
    }

    private static long mostBytes() {
        return Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    }

    /** Whether the file has a key of this name. */
    public boolean contains(int database, byte[] name) {
        NameHashes known = names.get(byDatabase ? database : 0);
        return known != null && known.contains(name, 0, name.length);
    }
}
