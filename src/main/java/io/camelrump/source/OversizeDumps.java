package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Reading;
import io.camelrump.values.ElementReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys above the limit are dumped all the same, each alone in the window: values that have no commands to be read
 * in parts by, such as a module's, and those that changed during each reading, if they are small enough to hold the
 * source up for a moment only.
 */
final class OversizeDumps {
    /**
     * A value that keeps changing may take as much as so many windows; one of an evicting source what is left there.
     */
    private static final int WINDOWS = 4;

    private static final long LARGEST_BULK = 512L * 1024 * 1024;
    private static final int MOST_NAMED = 10;

    private static final Logger LOG = LoggerFactory.getLogger(OversizeDumps.class);

    private final long bigKeyBytes;
    private final long mostOfModule;
    private final long mostOfChanging;
    private int named;

    /**
     * @param server the source as it is at the start: of an evicting one a reply takes no more than a quarter of its
     *     room
     */
    OversizeDumps(long bigKeyBytes, long windowBytes, ServerInfo server) {
        long room = server.evicts() ? Math.max(0, server.maxMemory() - server.usedMemory()) / 4 : Long.MAX_VALUE;
        this.bigKeyBytes = bigKeyBytes;
        this.mostOfModule =
                Math.min(room, Math.min(LARGEST_BULK, Runtime.getRuntime().maxMemory() / 2));
        this.mostOfChanging = Math.min(room, WINDOWS * windowBytes);
    }

    /** None are dumped. */
    private OversizeDumps() {
        this.bigKeyBytes = 0;
        this.mostOfModule = 0;
        this.mostOfChanging = 0;
    }

    static OversizeDumps none() {
        return new OversizeDumps();
    }

    /** Why a value without commands is not dumped; null if it is. */
    @Nullable
    String refusalOfModule(ElementReader value, KeyChunk chunk) {
        String module = "its type " + value.type() + " belongs to a module";
        if (chunk.isPayloadRefused() || value.size() <= bigKeyBytes) {
            return module + ", whose payload the target does not take";
        }
        if (value.size() > mostOfModule) {
            return module + ", which has no commands to be read in parts by, and of its about " + value.size()
                    + " bytes no more than " + mostOfModule
                    + " are dumped at once: half of the heap (-Xmx), 512 MB, and a quarter of the memory that an"
                    + " evicting source has left";
        }
        if (named++ < MOST_NAMED) {
            LOG.warn(
                    "{} of about {} bytes is a {}, which no commands read in parts: it is dumped at once, and the"
                            + " source serves no other client meanwhile",
                    Refusal.quote(chunk.nextKey()),
                    value.size(),
                    value.type());
        }
        return null;
    }

    /** Why a value of which each reading in parts came to nothing is not dumped; null if it is. */
    @Nullable
    String refusalOfChanging(ElementReader value, KeyChunk chunk) {
        String failures = failures(chunk.reading());
        if (chunk.isPayloadRefused()) {
            return failures + ", and the target does not take its payload" + advice(chunk.reading());
        }
        return value.size() <= mostOfChanging
                ? null
                : failures + ", and its about " + value.size() + " bytes are more than the " + mostOfChanging
                        + " that are dumped at once" + advice(chunk.reading());
    }

    private static String failures(Reading reading) {
        if (reading.incomplete() == 0) {
            return "it changed during each of " + reading.torn() + " readings in parts";
        }
        return "of " + reading.failedReadings() + " readings in parts " + reading.incomplete()
                + " did not arrive as a whole at the target"
                + (reading.torn() == 0 ? "" : ", and it changed during the others");
    }

    private static String advice(Reading reading) {
        return reading.incomplete() == 0
                ? "; copy it again when nobody writes to it, or use --live"
                : "; look for clients that write to or delete rump:tmp:* keys at the target";
    }
}
