package io.camelrump.options;

import io.camelrump.ReadFrom;
import io.camelrump.ScanMode;
import io.camelrump.UsageException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How a server is read. */
@UriParams
public class SourceOptions {
    /** Condition of {@code live} and {@code checkpoint}. */
    static final String WHOLE_SCAN = "only with scan=once and values, and without keysFrom and sample";

    private static final String AUTO = "auto";
    private static final int LEAST_COUNT = 1_000;
    private static final int MOST_COUNT = 5_000;
    private static final int LARGEST_COUNT = 1_000_000;

    private static final long LEAST_WINDOW = 64_000;
    private static final long MOST_WINDOW = 8L << 20;

    @UriParam(
            label = "consumer",
            defaultValue = "master",
            enums = "master,replica",
            description = "Nodes of a cluster to scan: the masters, or a replica of each.")
    private ReadFrom readFrom = ReadFrom.MASTER;

    @UriParam(
            label = "consumer",
            defaultValue = "once",
            enums = "once,repeat",
            description = "What follows the end of the scan: nothing (once), or another scan with the next poll "
                    + "(repeat).")
    private ScanMode scan = ScanMode.ONCE;

    @UriParam(
            label = "consumer,speed",
            defaultValue = AUTO,
            description = "Number of keys that each SCAN asks for, as SCAN's COUNT, from 1 to 1000000. auto asks for "
                    + "1000, and over a long round trip for up to 5000 as far as a SCAN takes the server less than "
                    + "2 ms.")
    private String scanCount = AUTO;

    @UriParam(
            label = "consumer,compare",
            defaultValue = "true",
            description = "Reads keys with their values and expiries. false reads names alone, which is enough for "
                    + "operation=lookup.")
    private boolean values = true;

    @UriParam(
            label = "consumer,speed",
            defaultValue = "8mb",
            description = "Limit on the payloads requested from the source at once, from 64kb to 8mb. A source that "
                    + "evicts keys is asked for at most a quarter of the memory that it has left.")
    private String windowBytes = "8mb";

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Copies the functions of the server before its keys (from Redis 7.0). A library that the "
                    + "target has already is treated as the producer's onConflict says.")
    private boolean functions;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Copies how recently keys were used, or how often under an LFU policy of the source, for the "
                    + "eviction of a target from Redis 5.0 on.")
    private boolean carryIdle;

    @UriParam(
            label = "consumer,live",
            defaultValue = "false",
            description = "Follows the changes of the source during the scan, and after it until the run is ended. "
                    + "Needs CLIENT TRACKING, which Redis has from 6.0. Otherwise the source is scanned again and "
                    + "again.")
    private boolean live;

    @UriParam(
            label = "consumer,live",
            defaultValue = "false",
            description = "Follows a server back to the one that its keys were copied from: both hold the same when "
                    + "the run begins, so that only later changes are copied, and every key of the target counts as "
                    + "the run's own. Needs live.")
    private boolean wayBack;

    /** @throws UsageException if a value is out of range, or {@code live} is given with what it cannot follow */
    public void check(SelectionOptions selection) {
        leastScanCount();
        windowByteCount();
        if (live && !readsAllOnce(selection)) {
            throw OptionText.wrong("live", true, WHOLE_SCAN);
        }
        if (live && selection.shard() != null) {
            throw OptionText.wrong(
                    "live", true, "given without shard: a cutover needs one run that knows of all changes");
        }
        if (wayBack && !live) {
            throw OptionText.wrong("wayBack", true, "only with live=true, as it copies changes alone");
        }
    }

    /** Whether one scan reads each key that passes the filters. */
    boolean readsAllOnce(SelectionOptions selection) {
        return scan == ScanMode.ONCE && values && !selection.isPartial();
    }

    /** Keys that a SCAN asks for at least. */
    public int leastScanCount() {
        return scanCount.equals(AUTO) ? LEAST_COUNT : fixedScanCount();
    }

    /** Keys that a SCAN asks for at most; the same as the least unless it is {@code auto}. */
    public int mostScanCount() {
        return scanCount.equals(AUTO) ? MOST_COUNT : fixedScanCount();
    }

    private int fixedScanCount() {
        int count = scanCount.matches("\\d{1,7}") ? Integer.parseInt(scanCount) : 0;
        if (count < 1 || count > LARGEST_COUNT) {
            throw OptionText.wrong("scanCount", scanCount, "auto, or a whole number from 1 to " + LARGEST_COUNT);
        }
        return count;
    }

    /** {@code windowBytes} as a number. */
    public long windowByteCount() {
        return Limits.bytes("windowBytes", windowBytes, LEAST_WINDOW, MOST_WINDOW);
    }

    public ReadFrom getReadFrom() {
        return readFrom;
    }

    public void setReadFrom(ReadFrom readFrom) {
        this.readFrom = readFrom;
    }

    public ScanMode getScan() {
        return scan;
    }

    public void setScan(ScanMode scan) {
        this.scan = scan;
    }

    public String getScanCount() {
        return scanCount;
    }

    public void setScanCount(String scanCount) {
        this.scanCount = scanCount;
    }

    public boolean isValues() {
        return values;
    }

    public void setValues(boolean values) {
        this.values = values;
    }

    public String getWindowBytes() {
        return windowBytes;
    }

    public void setWindowBytes(String windowBytes) {
        this.windowBytes = windowBytes;
    }

    public boolean isFunctions() {
        return functions;
    }

    public void setFunctions(boolean functions) {
        this.functions = functions;
    }

    public boolean isCarryIdle() {
        return carryIdle;
    }

    public void setCarryIdle(boolean carryIdle) {
        this.carryIdle = carryIdle;
    }

    public boolean isLive() {
        return live;
    }

    public void setLive(boolean live) {
        this.live = live;
    }

    public boolean isWayBack() {
        return wayBack;
    }

    public void setWayBack(boolean wayBack) {
        this.wayBack = wayBack;
    }
}
