package io.camelrump.source;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Server time per key of a SCAN, from two readings of {@code INFO commandstats} and the SCANs sent between them. */
final class ScanCost {
    private static final Pattern STATISTICS =
            Pattern.compile("^cmdstat_scan:calls=(\\d{1,18}),usec=(\\d{1,18})\\b", Pattern.MULTILINE);
    private static final int FIRST_SCANS = 4;
    private static final int SCANS = 16;
    private static final int NANOS_PER_MICRO = 1_000;

    /** SCANs, and the keys that they asked for, since the last reading was requested. */
    private long scans;

    private long keys;
    /** SCANs, and their keys, between the last two readings. */
    private long scansBetween;

    private long keysBetween;
    private long lastCalls = -1;
    private long lastMicros;
    private boolean asked;
    private boolean hidden;
    private double nanosPerKey;

    /** Counts a SCAN that is sent. */
    void sent(int count) {
        scans++;
        keys += count;
    }

    /** Whether to read the statistics now: they change slowly, and each reading is a command. */
    boolean isDue() {
        int between = lastCalls < 0 ? 0 : nanosPerKey == 0 ? FIRST_SCANS : SCANS;
        return !asked && !hidden && scans >= between;
    }

    /** The statistics are asked for. */
    void asked() {
        asked = true;
        scansBetween = scans;
        keysBetween = keys;
        scans = 0;
        keys = 0;
    }

    /** After a lost connection nothing is due any more; the server may be another one. */
    void forget() {
        asked = false;
        hidden = false;
        lastCalls = -1;
        scans = 0;
        keys = 0;
    }

    /** Takes the statistics; an error where the user may not ask. */
    void answered(@Nullable Object reply) {
        asked = false;
        Matcher found =
                STATISTICS.matcher(reply instanceof byte[] text ? new String(text, StandardCharsets.ISO_8859_1) : "");
        if (!found.find()) {
            hidden = true;
            return;
        }
        long calls = Long.parseLong(found.group(1));
        long micros = Long.parseLong(found.group(2));
        // where others scan as well, or the statistics were reset, it is not known whose time it was
        if (lastCalls >= 0 && calls - lastCalls == scansBetween && keysBetween > 0 && micros >= lastMicros) {
            nanosPerKey = (double) NANOS_PER_MICRO * Math.max(1, micros - lastMicros) / keysBetween;
        }
        lastCalls = calls;
        lastMicros = micros;
    }

    /** Whether the server does not report it. */
    boolean isHidden() {
        return hidden;
    }

    /** 0 while it is not known. */
    double nanosPerKey() {
        return nanosPerKey;
    }
}
