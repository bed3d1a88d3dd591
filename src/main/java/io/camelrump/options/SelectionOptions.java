package io.camelrump.options;

import io.camelrump.KeyNames;
import io.camelrump.UsageException;
import io.camelrump.shard.Shard;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * Which keys are read. Producers heed type and the filters by name with operation=compare and operation=lookup alone.
 */
@UriParams
public class SelectionOptions {
    private static final String TYPES = "string|list|set|zset|hash|stream";
    private static final String ALL = "all";

    @UriParam(label = "filter", defaultValue = "*", description = "Glob that keys must match, as SCAN's MATCH.")
    private String match = "*";

    @UriParam(
            label = "filter",
            defaultValue = "all",
            description = "Type that keys must have, as SCAN's TYPE: all, one of string, list, set, zset, hash and "
                    + "stream, or several separated by commas. With several, and below Redis 6.0, each key is asked "
                    + "for its type, and keys of other types count as filtered. A lookup takes a key of another "
                    + "type for one that this server lacks.")
    private String type = "all";

    @UriParam(
            label = "filter",
            description = "Glob that keys must match, unless includeRegex does. Several stand one per line, and any of "
                    + "them suffices. Keys that are left out count as filtered, and are not dumped.")
    private @Nullable String includeKey;

    @UriParam(
            label = "filter",
            description = "Glob of keys to leave out, even if they are included. Several stand one per line.")
    private @Nullable String excludeKey;

    @UriParam(
            label = "filter",
            description = "Regular expression that must match the whole key, unless includeKey does. Several stand one "
                    + "per line, and any of them suffices.")
    private @Nullable String includeRegex;

    @UriParam(
            label = "filter",
            description = "Regular expression of keys to leave out, even if they are included. It must match the whole "
                    + "key. Several stand one per line.")
    private @Nullable String excludeRegex;

    @UriParam(
            label = "consumer,filter",
            description =
                    "Regular file with the keys to read, instead of those that SCAN finds: one per line, plain or "
                            + "quoted as redis-cli prints it. A list of failed keys is such a file.")
    private @Nullable String keysFrom;

    @UriParam(
            label = "consumer,filter",
            description = "Bean with the names of the keys to read, instead of those that SCAN finds, such as "
                    + "#bean:names: a KeyNames. A reverse consumer reads nothing then, as with keysFrom.")
    private @Nullable KeyNames keyNames;

    @UriParam(
            label = "consumer,filter",
            defaultValue = "0",
            description = "Number of keys after which the reading ends. 0 reads all keys.")
    private int sample;

    @UriParam(
            label = "consumer,filter",
            description = "Share of the keys to read where several runs copy one server side by side: the number of "
                    + "this run, from 0, and that of all, such as 0/3. Not with live, rename and sample.")
    private @Nullable String shard;

    @UriParam(
            label = "consumer,filter",
            description = "Smallest keys to read, such as 10kb: by the estimate of MEMORY USAGE, or below Redis 4.0 by "
                    + "the size of the payload. No limit if not set.")
    private @Nullable String minSize;

    @UriParam(
            label = "consumer,filter",
            description = "Largest keys to read, such as 10mb, measured as for minSize. No limit if not set.")
    private @Nullable String maxSize;

    @UriParam(
            label = "consumer,filter",
            javaType = "java.time.Duration",
            description = "Shortest time to live of keys to read. Keys without expiry are read too. No limit if not "
                    + "set.")
    private @Nullable Duration minTtl;

    @UriParam(
            label = "consumer,filter",
            javaType = "java.time.Duration",
            description =
                    "Longest time to live of keys to read. Keys without expiry are left out. No limit if not set.")
    private @Nullable Duration maxTtl;

    @UriParam(
            label = "consumer,filter",
            defaultValue = "0",
            description = "Moment from which minTtl and maxTtl count, in milliseconds since 1970, so that a later "
                    + "comparison selects the same keys. 0 is the moment of reading.")
    private long ttlAsOf;

    /** @throws UsageException if a value is no type, size or time, or a range is empty */
    public void check() {
        Limits.range("sample", sample, 0, Integer.MAX_VALUE);
        if (keysFrom != null && keyNames != null) {
            throw OptionText.wrong("keyNames", keyNames.names().size() + " names", "given without keysFrom");
        }
        if (shard() != null && sample != 0) {
            throw OptionText.wrong("shard", shard, "given without sample, of which no run knows what the others read");
        }
        if (ttlAsOf < 0) {
            throw OptionText.wrong("ttlAsOf", ttlAsOf, OptionText.MOMENTS);
        }
        if (!type.matches(ALL + "|(" + TYPES + ")(,(" + TYPES + "))*")) {
            throw OptionText.wrong(
                    "type", type, "one of all, string, list, set, zset, hash, stream, or several with commas between");
        }
        if (leastBytes() > mostBytes()) {
            throw OptionText.wrong("maxSize", maxSize, "at least " + minSize);
        }
        if (minTtl != null && maxTtl != null && minTtl.toMillis() > maxTtl.toMillis()) {
            throw OptionText.wrong("maxTtl", maxTtl.toMillis(), "at least " + minTtl.toMillis());
        }
    }

    /**
     * The share of this run; null for all keys.
     *
     * @throws UsageException if it is none
     */
    public @Nullable Shard shard() {
        try {
            return Shard.parse(shard);
        } catch (UsageException e) {
            throw new UsageException("shard=" + shard + ": " + e.getMessage(), e);
        }
    }

    /** Names of the types that a key may have; none if any. */
    public Set<String> types() {
        return type.equals(ALL) ? Set.of() : Set.copyOf(List.of(type.split(",")));
    }

    /** Whether {@code minSize} or {@code maxSize} is given. */
    public boolean limitsSize() {
        return minSize != null || maxSize != null;
    }

    /** {@code minSize} in bytes; 0 if not given. */
    public long leastBytes() {
        return minSize == null ? 0 : Limits.bytes("minSize", minSize, 1, Limits.MOST_BYTES);
    }

    /** {@code maxSize} in bytes; a bound that no key exceeds if not given. */
    public long mostBytes() {
        return maxSize == null ? Limits.MOST_BYTES : Limits.bytes("maxSize", maxSize, 1, Limits.MOST_BYTES);
    }

    /** Whether keys are read that are only a part of those that pass the filters. */
    public boolean isPartial() {
        return keysFrom != null || keyNames != null || sample != 0;
    }

    public String getMatch() {
        return match;
    }

    public void setMatch(String match) {
        this.match = match;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public @Nullable String getIncludeKey() {
        return includeKey;
    }

    public void setIncludeKey(@Nullable String includeKey) {
        this.includeKey = includeKey;
    }

    public @Nullable String getExcludeKey() {
        return excludeKey;
    }

    public void setExcludeKey(@Nullable String excludeKey) {
        this.excludeKey = excludeKey;
    }

    public @Nullable String getIncludeRegex() {
        return includeRegex;
    }

    public void setIncludeRegex(@Nullable String includeRegex) {
        this.includeRegex = includeRegex;
    }

    public @Nullable String getExcludeRegex() {
        return excludeRegex;
    }

    public void setExcludeRegex(@Nullable String excludeRegex) {
        this.excludeRegex = excludeRegex;
    }

    public @Nullable String getKeysFrom() {
        return keysFrom;
    }

    public void setKeysFrom(@Nullable String keysFrom) {
        this.keysFrom = keysFrom;
    }

    public @Nullable KeyNames getKeyNames() {
        return keyNames;
    }

    public void setKeyNames(@Nullable KeyNames keyNames) {
        this.keyNames = keyNames;
    }

    public int getSample() {
        return sample;
    }

    public void setSample(int sample) {
        this.sample = sample;
    }

    public @Nullable String getShard() {
        return shard;
    }

    public void setShard(@Nullable String shard) {
        this.shard = shard;
    }

    public @Nullable String getMinSize() {
        return minSize;
    }

    public void setMinSize(@Nullable String minSize) {
        this.minSize = minSize;
    }

    public @Nullable String getMaxSize() {
        return maxSize;
    }

    public void setMaxSize(@Nullable String maxSize) {
        this.maxSize = maxSize;
    }

    public @Nullable Duration getMinTtl() {
        return minTtl;
    }

    public void setMinTtl(@Nullable Duration minTtl) {
        this.minTtl = minTtl;
    }

    public @Nullable Duration getMaxTtl() {
        return maxTtl;
    }

    public void setMaxTtl(@Nullable Duration maxTtl) {
        this.maxTtl = maxTtl;
    }

    public long getTtlAsOf() {
        return ttlAsOf;
    }

    public void setTtlAsOf(long ttlAsOf) {
        this.ttlAsOf = ttlAsOf;
    }
}
