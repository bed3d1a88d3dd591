package io.camelrump.throttle;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a server's work for a reader takes, in nanoseconds: learnt from the server's own statistics, and where it keeps
 * those to itself, from the times between its replies.
 *
 * <p>A key counts as one unit, and as another one for each {@link #BYTES_PER_UNIT} bytes of its payload, as DUMP
 * compresses and sums them up. One thread reads keys, another one learns; both may ask.
 */
final class CommandCosts {
    /** Payload whose compression and checksum take about as long as all else about a key. */
    static final int BYTES_PER_UNIT = 2048;

    private static final double FIRST_NANOS_PER_UNIT = 8_000;
    private static final double FIRST_NANOS_PER_SCANNED = 1_000;
    private static final double FIRST_NANOS_PER_QUERY = 3_000;
    private static final int SAMPLES = 15;
    /** Turns of one sample: replies that waited for a late thread here come together. */
    private static final int TURNS_PER_SAMPLE = 8;

    private volatile long keysRead;
    private volatile long bytesRead;
    private final double[] samples = new double[SAMPLES];
    private int sampled;
    private int turns;
    private double turnUnits;
    private long turnNanos;
    private volatile double perUnit = FIRST_NANOS_PER_UNIT;
    private volatile double perQuery = FIRST_NANOS_PER_QUERY;
    private volatile double perScanned = FIRST_NANOS_PER_SCANNED;
    private volatile boolean reported;
    private final LongAdder scans = new LongAdder();
    private final LongAdder keysScanned = new LongAdder();

    /** Units of keys whose payloads have these bytes together. */
    static double units(long keys, long bytes) {
        return keys + (double) bytes / BYTES_PER_UNIT;
    }

    /** Expiry and DUMP of a key whose payload has this length, and all that is asked in the same turn. */
    long key(long bytes) {
        return (long) (units(1, bytes) * perUnit);
    }

    /** The queries about a key before its DUMP. */
    long query() {
        return (long) perQuery;
    }

    /** A SCAN that looks at this number of keys and is sent now. */
    long scan(int count) {
        scans.increment();
        keysScanned.add(count);
        return (long) (count * perScanned);
    }

    /**
     * Number of keys of a SCAN that takes this time, or that has work for the server until the reply to the next one:
     * each SCAN waits for the one before, so its count per round trip bounds the rate.
     */
    int scanCount(long nanos, long roundTrip) {
        return (int) Math.max(1, Math.max(nanos / perScanned, roundTrip / (perScanned + perQuery + perUnit)));
    }

    /** Reading this number of elements of values: a cursor within one costs what a cursor over keys does, or less. */
    long elements(long number) {
        return (long) (number * perScanned);
    }

    /** Bytes of one payload that takes this time. */
    long payloadBytes(long nanos) {
        return (long) (BYTES_PER_UNIT * Math.max(1, nanos / perUnit - 1));
    }

    /** SCANs that the reader has sent so far. */
    long scans() {
        return scans.sum();
    }

    /** Keys that these SCANs look at together. */
    long keysScanned() {
        return keysScanned.sum();
    }

    /** Payloads that the reader has had so far, and their bytes together. */
    void read(long keys, long bytes) {
        keysRead = keys;
        bytesRead = bytes;
    }

    long keysRead() {
        return keysRead;
    }

    long bytesRead() {
        return bytesRead;
    }

    /** Time of the server for all payloads read so far, at the present cost. */
    double readNanos() {
        return units(keysRead, bytesRead) * perUnit;
    }

    /** A turn with payloads took the server this time. */
    void served(double units, long nanos) {
        if (reported || units <= 0) {
            return;
        }
        turnUnits += units;
        turnNanos += nanos;
        if (++turns % TURNS_PER_SAMPLE == 0) {
            sample(turnNanos / turnUnits);
            turnUnits = 0;
            turnNanos = 0;
        }
    }

    private void sample(double nanosPerUnit) {
        samples[sampled++ % SAMPLES] = nanosPerUnit;
        if (sampled % SAMPLES == 0) {
            // other clients, and a late thread here, make times longer, and nothing makes them shorter
            double[] sorted = samples.clone();
            Arrays.sort(sorted);
            perUnit = sorted[SAMPLES / 4];
        }
    }

    /**
     * The server's own report, in nanoseconds a unit, a query and a key that SCAN looked at; 0 where it was not met.
     */
    void reported(double unit, double query, double scanned) {
        reported = true;
        perUnit = unit > 0 ? unit : perUnit;
        perQuery = query > 0 ? query : perQuery;
        perScanned = scanned > 0 ? scanned : perScanned;
    }
}
