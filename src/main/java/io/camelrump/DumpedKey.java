package io.camelrump;

import io.camelrump.redis.BinaryText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.values.DecodedValue;
import io.camelrump.values.DumpedValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One key of a {@link Page}: its name, its DUMP payload and its expiry; or that it is gone.
 *
 * <p>A view of its page: it keeps the page's bytes alive, and a producer that restores it answers to the page's reader.
 * Immutable: what begins with {@code with} gives another one in its place, which answers to the same reader.
 */
public final class DumpedKey {
    private final PageData page;
    private final int index;

    DumpedKey(PageData page, int index) {
        this.page = page;
        this.index = index;
    }

    /**
     * Creates a key that no reader waits for.
     *
     * @param payload what DUMP gave; null for a key that is gone
     * @param expiresAtMillis milliseconds since 1970, or {@link Page#NO_EXPIRY}
     */
    public static DumpedKey of(byte[] key, byte @Nullable [] payload, long expiresAtMillis) {
        Objects.requireNonNull(key, "key is null");
        return new DumpedKey(PageData.of(key, payload, expiresAtMillis), 0);
    }

    /** The key's name, a copy. */
    public byte[] key() {
        return page.key(index);
    }

    /**
     * The payload of DUMP, a copy; null if the key is gone.
     *
     * @throws IllegalStateException if {@link #isInParts}: there is none
     */
    public byte @Nullable [] payload() {
        return content().payload();
    }

    /**
     * Whether the key is too large for one DUMP, or was refused as a payload, so that this is a part of its value, for
     * a {@code rump:} producer alone. The consumer's {@code bigKey=off} has every key dumped as a whole.
     */
    public boolean isInParts() {
        return content().isInParts();
    }

    /** When it expires, in milliseconds since 1970 on the source's clock; {@link Page#NO_EXPIRY} if never. */
    public long expiresAtMillis() {
        return page.expiresAtMillis(index);
    }

    /** Whether the key was gone when it was to be read. */
    public boolean isGone() {
        return page.isGone(index);
    }

    /**
     * The key's name as text: UTF-8, where each byte that is none is one of the characters U+DC80 to U+DCFF, so that
     * {@link #withKey} finds the same bytes in it.
     */
    public String name() {
        return BinaryText.of(key());
    }

    /**
     * The type as TYPE names it: string, list, set, zset, hash, stream, ReJSON-RL for JSON; {@code module} where
     * another module has its own; {@code none} for a key that is gone.
     */
    public String type() {
        return content().type();
    }

    /** Bytes of the payload, or of the whole value's memory if {@link #isInParts}; 0 for a key that is gone. */
    public long size() {
        return content().size();
    }

    /** Number of the database that it was read from. */
    public int database() {
        return page.database();
    }

    /** How long it has to live from now on, by the source's clock, and not less than 0; null if it never expires. */
    public @Nullable Duration ttl() {
        long at = expiresAtMillis();
        return at == Page.NO_EXPIRY ? null : Duration.ofMillis(Math.max(0, at - sourceMillis()));
    }

    /**
     * This payload and expiry under another name. Of two keys that get one name at a target, the second is refused.
     *
     * @param name text, or the bytes
     * @throws UsageException if it is another name, in a live run, which could not follow deletes to it; the run has
     *     failed
     */
    public DumpedKey withKey(Object name) {
        byte[] bytes = name instanceof byte[] known ? known : BinaryText.bytes(name.toString());
        if (Arrays.equals(bytes, key())) {
            return this;
        }
        noteMove("withKey");
        return new DumpedKey(asPage().withKeys(KeyList.of(bytes)), 0);
    }

    /**
     * This payload and expiry under its name behind a prefix: in a route that renames each key this takes two thirds of
     * the CPU time of an expression for {@link #withKey}.
     *
     * @throws UsageException in a live run, as {@link #withKey} does
     */
    public DumpedKey withPrefix(String prefix) {
        byte[] before = BinaryText.bytes(prefix);
        byte[] name = key();
        byte[] renamed = Arrays.copyOf(before, before.length + name.length);
        System.arraycopy(name, 0, renamed, before.length, name.length);
        return withKey(renamed);
    }

    /**
     * This payload and expiry under a name made of a pattern, such as {@code eu:$type:$name}: $name, $type, $database
     * and $size stand for what the key has, $$ for a dollar sign. An expression with several {@code ${...}} for
     * {@link #withKey} takes more than twice the time.
     *
     * @throws UsageException if the pattern has another variable, and the run has failed; or in a live run, as
     *     {@link #withKey} does
     */
    public DumpedKey withKeyPattern(String pattern) {
        try {
            return withKey(KeyPattern.fill(pattern, this));
        } catch (UsageException e) {
            if (page.receipt() != null) {
                page.receipt().run().fail(e.getMessage());
            }
            throw e;
        }
    }

    /**
     * This key with another expiry; one that is gone stays as it is.
     *
     * @param expiresAtMillis milliseconds since 1970 on the source's clock, or {@link Page#NO_EXPIRY}
     * @throws IllegalArgumentException if it is less than that
     */
    public DumpedKey withExpiry(long expiresAtMillis) {
        if (expiresAtMillis < Page.NO_EXPIRY) {
            throw new IllegalArgumentException(
                    "expiry " + expiresAtMillis + ": milliseconds since 1970, or -1 for none");
        }
        return isGone() ? this : new DumpedKey(asPage().withExpiries(new long[] {expiresAtMillis}), 0);
    }

    /**
     * This key with so long to live from now on; one that is gone stays as it is.
     *
     * @param ttl null for no expiry
     * @throws IllegalArgumentException if it is less than a millisecond
     */
    public DumpedKey withTtl(@Nullable Duration ttl) {
        if (ttl != null && ttl.toMillis() < 1) {
            throw new IllegalArgumentException("time to live " + ttl + ": at least 1 ms, or null for no expiry");
        }
        return withExpiry(ttl == null ? Page.NO_EXPIRY : sourceMillis() + ttl.toMillis());
    }

    /**
     * This key for another database of the target than the one that the producer names.
     *
     * @throws IllegalArgumentException if the number is less than 0
     * @throws UsageException in a live run, which could not follow deletes to it; the run has failed
     */
    public DumpedKey withDatabase(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("database " + number + ": 0 or a higher number");
        }
        if (number == page.targetDatabase()) {
            return this;
        }
        noteMove("withDatabase");
        return new DumpedKey(asPage().to(number), 0);
    }

    /**
     * Whether the key has a decoded {@link #value}: not if it is gone or {@link #isInParts in parts}, a stream or
     * another module's, or a hash with fields that expire.
     */
    public boolean hasValue() {
        return content().isDecodable();
    }

    /**
     * The value, decoded: a String, a List or Set of Strings, a Map of a hash's fields, or a Map of a sorted set's
     * members to their scores as Doubles; of a JSON document what Java has for its parts; null for a key that is gone.
     * It may be changed, and given to {@link #withValue}. Text is UTF-8 and keeps other bytes as {@link #name} does.
     *
     * @throws IllegalStateException if the key is not gone and {@link #hasValue has none}
     */
    public @Nullable Object value() {
        return content().decoded();
    }

    /**
     * This key with another value; one that is gone stays as it is. A set, a sorted set or JSON stays one; else a Map
     * becomes a hash, a Set a set, another Collection a list, and anything else a string.
     *
     * @throws IllegalArgumentException if the collection is empty, as no server has such a value, or there is null
     * @throws IllegalStateException if the key {@link #isInParts is in parts}
     */
    public DumpedKey withValue(@Nullable Object value) {
        byte[] payload = payload();
        return payload == null ? this : new DumpedKey(asPage().withPayload(DecodedValue.encode(value, payload)), 0);
    }

    /**
     * This key with another value of one field, if it is a hash, or a JSON object, that has the field; else the key as
     * it is. Objects within a JSON document stay as they are.
     *
     * @throws IllegalStateException if the key is a hash with fields that expire, or a hash or JSON that is
     *     {@link #isInParts in parts}
     */
    public DumpedKey withField(String field, String value) {
        Object changed = content().withField(field, value);
        return changed == null ? this : withValue(changed);
    }

    /**
     * This key with another value of one field wherever it has it: in a hash, and in each object of a JSON document at
     * any depth. Text in strings that may be JSON stays as it is.
     *
     * @throws IllegalStateException as {@link #withField} does
     */
    public DumpedKey withEachField(String field, String value) {
        Object changed = content().withEachField(field, value);
        return changed == null ? this : withValue(changed);
    }

    /**
     * Name, type, database, time to live in milliseconds and value as a JSON object:
     * {@code {"key":"user:1","type":"hash","database":0,"ttl":null,"value":{"name":"Ada"}}}.
     *
     * @throws IllegalStateException as {@link #value} does
     */
    public String json() {
        return content().json(name(), ttl());
    }

    private DumpedValue content() {
        return new DumpedValue(page, index);
    }

    private void noteMove(String step) {
        Receipt receipt = page.receipt();
        if (receipt == null) {
            return;
        }
        if (receipt.run().isLive()) {
            String reason = "A step of the route moves keys one by one (" + step
                    + "), which a live run cannot follow: a key that is deleted later would stay at the target. Use the"
                    + " consumer's rename or mapDb (--rename, --map-db), or a RenameKeys step.";
            receipt.run().fail(reason);
            throw new UsageException(reason);
        }
        receipt.run().targets().moveKeys();
    }

    private long sourceMillis() {
        long offset = page.origin().clockOffsetMicros();
        return System.currentTimeMillis()
                + (offset == ServerClock.UNKNOWN_OFFSET ? 0 : TimeUnit.MICROSECONDS.toMillis(offset));
    }

    PageData page() {
        return page;
    }

    /** Its place in {@link #page}. */
    int index() {
        return index;
    }

    /** This key alone; its run knows from then on that keys travel one by one. */
    PageData asPage() {
        if (page.receipt() != null) {
            page.receipt().run().targets().takeKeysApart();
        }
        return page.slice(index);
    }

    /** The length of key and payload, never their content. */
    @Override
    public String toString() {
        return "DumpedKey[" + page.keys().length(index) + " + " + Math.max(0, page.payloadLength(index)) + " bytes]";
    }
}
