package io.camelrump.options;

import io.camelrump.UsageException;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Which keys are too big for a DUMP, and whether their values are read. */
@UriParams
public class BigKeyOptions {
    /** No key is too big. */
    public static final long OFF = Long.MAX_VALUE;

    private static final long LEAST_BYTES = 64_000;

    @UriParam(
            label = "speed",
            defaultValue = "8mb",
            description = "Size from 64kb above which a key is read in parts by the commands of its type, and not "
                    + "dumped, as MEMORY USAGE estimates it. off dumps every key, as is done below Redis 4.0 and "
                    + "for a user without MEMORY USAGE. A producer heeds it with operation=compare alone.")
    private String bigKey = "8mb";

    @UriParam(
            label = "consumer,compare",
            defaultValue = "true",
            description = "Reads the values of keys above bigKey. false reads their type, expiry and size alone, which "
                    + "is enough for operation=compare.")
    private boolean bigValues = true;

    /** @throws UsageException if {@code bigKey} is no size, or too small */
    public void check() {
        bytes();
    }

    /** {@code bigKey} in bytes, or {@link #OFF}. */
    public long bytes() {
        return bigKey.equals("off") ? OFF : Limits.bytes("bigKey", bigKey, LEAST_BYTES, Limits.MOST_BYTES);
    }

    /**
     * Whether a server may hold a key that is too big.
     *
     * @param usedMemory bytes that the server uses; 0 if unknown
     */
    public boolean mayBeHeld(long usedMemory) {
        long bytes = bytes();
        // a key of half the size may grow meanwhile
        return bytes != OFF && (usedMemory == 0 || usedMemory > bytes / 2);
    }

    public String getBigKey() {
        return bigKey;
    }

    public void setBigKey(String bigKey) {
        this.bigKey = bigKey;
    }

    public boolean isBigValues() {
        return bigValues;
    }

    public void setBigValues(boolean bigValues) {
        this.bigValues = bigValues;
    }
}
