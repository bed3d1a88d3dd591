package io.camelrump.backup;

import io.camelrump.run.PageData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Pages of a file in one of its forms, one after the other. */
sealed interface BackupPages permits WirePages, Rump1Pages {
    /**
     * The next page; null at the end of the file. Its cursor is the place in the file, and no other page has it.
     *
     * @throws io.camelrump.WireFormatException where the bytes make no sense any more: all before is whole
     * @throws IOException where they cannot be read any more
     */
    @Nullable
    PageData next() throws IOException;

    /** Number of bytes that were read and are whole, unpacked. */
    long offset();

    /** Whatever the file lacks, as far as it says so; null if it lacks nothing. To be asked at its end. */
    @Nullable
    String missing();

    /** A note about the file beside that; null if there is none. */
    @Nullable
    String remark();
}
