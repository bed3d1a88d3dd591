package io.camelrump.reading;

import io.camelrump.ReadFrom;
import io.camelrump.ScanMode;
import io.camelrump.backup.BackupPlan;
import io.camelrump.backup.BackupSource;
import io.camelrump.files.FileAddress;
import io.camelrump.options.OptionSet;
import io.camelrump.options.OptionText;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.RateLimiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens a file instead of a server.
 *
 * @param asPagesSay whether each page goes to the database that it was meant for when it was written, as no option says
 *     otherwise
 */
public record BackupOpening(ReadEndpoint endpoint, FileAddress file, boolean asPagesSay) {
    /** Pages that are kept to be looked at again, in times of those that may be in flight. */
    private static final int TIMES_IN_FLIGHT = 4;

    /**
     * For an endpoint that reads a file; null for one that reads a server.
     *
     * @throws io.camelrump.UsageException if an option is given that only a server has
     */
    static @Nullable BackupOpening of(ReadEndpoint endpoint) {
        FileAddress file = endpoint.file();
        if (file == null) {
            return null;
        }
        OptionSet options = endpoint.options();
        check(options, file);
        boolean named = options.mapping().getDb() != null || options.mapping().getMapDb() != null;
        return new BackupOpening(endpoint, file, !named);
    }

    private static void check(OptionSet options, FileAddress file) {
        refuse("file", file, file.form() == FileAddress.Form.RESP, "read by redis-cli --pipe, as it holds commands");
        refuse("live", true, options.source().isLive(), left("a file does not change"));
        refuse("functions", true, options.source().isFunctions(), left("a file holds keys alone"));
        refuse("readFrom", "replica", options.source().getReadFrom() == ReadFrom.REPLICA, left("a file has none"));
        refuse("scan", "repeat", options.source().getScan() == ScanMode.REPEAT, left("a file is read once"));
        refuse(
                "database",
                options.server().getDatabase(),
                options.server().getDatabase() != 0,
                "given as db with a file");
        refuse(
                "checkpoint",
                options.checkpoint().getCheckpoint(),
                options.checkpoint().getCheckpoint() != null,
                left("it is read from its beginning each time"));
        refuse(
                "keysFrom",
                options.selection().getKeysFrom(),
                options.selection().getKeysFrom() != null,
                left("includeKey and includeRegex name keys of a file"));
        refuse(
                "keyNames",
                options.selection().getKeyNames(),
                options.selection().getKeyNames() != null,
                left("includeKey and includeRegex name keys of a file"));
    }

    private static String left(String reason) {
        return "left out with a file: " + reason;
    }

    private static void refuse(String option, @Nullable Object value, boolean given, String allowed) {
        if (given) {
            throw OptionText.wrong(option, value, allowed);
        }
    }

    PageSource open(RenameCollisions collisions, RateLimiter pace, Run books) {
        return BackupSource.open(plan(), collisions, pace, books);
    }

    private BackupPlan plan() {
        long kept = TIMES_IN_FLIGHT * endpoint.options().queue().bytes();
        return new BackupPlan(file, endpoint.address(), ScanPlans.of(endpoint), asPagesSay, kept);
    }

    /**
     * Which keys of its file an endpoint takes.
     *
     * @throws io.camelrump.UsageException if an option is given that only a server has
     */
    public static BackupPlan plan(ReadEndpoint endpoint) {
        return Objects.requireNonNull(of(endpoint), "the endpoint has no file").plan();
    }
}
