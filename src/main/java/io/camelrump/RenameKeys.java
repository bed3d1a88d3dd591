package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.keys.KeyPattern;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.NameOwners;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Renames keys in transit: by another prefix, or by a regular expression and its replacement.
 *
 * <p>Of two keys that would get the same name the second is refused. To know them, it remembers each key whose new name
 * another one might get: under a regular expression all of them, else those that begin with the new prefix, and none
 * where every key gets a prefix. That takes some 40 bytes and the name for each, and at most a quarter of the heap.
 */
public final class RenameKeys implements Processor {
    private final ReentrantLock lock = new ReentrantLock();
    /** Names that keys of a run got, of those runs that go on. */
    @GuardedBy("lock")
    private final Map<Run, Names> runs = new WeakHashMap<>();

    private record Names(ScanEpoch epoch, NameOwners owners) {}

    private byte[] fromPrefix = new byte[0];
    private byte[] toPrefix = new byte[0];
    private @Nullable KeyPattern regex;
    private String replacement = "";

    /** Only keys that start with this get the new prefix; every key does if it is not set. */
    public void setFromPrefix(String prefix) {
        fromPrefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /** The new prefix. */
    public void setToPrefix(String prefix) {
        toPrefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Keys that match as a whole are renamed to the replacement; keys are read as UTF-8, others than that stay as they
     * are.
     *
     * @throws UsageException if it is no regular expression
     */
    public void setRegex(String regex) {
        this.regex = KeyPattern.of("regex", regex, 0);
    }

    /** The new name; {@code $1} is the first group of the regular expression. */
    public void setReplacement(String replacement) {
        this.replacement = replacement;
    }

    @Override
    public void process(Exchange exchange) {
        Bodies.replace(exchange, "RenameKeys", this::rename);
    }

    private PageData rename(PageData page) {
        Receipt receipt = page.receipt();
        PageData free = receipt == null || regex == null && fromPrefix.length == 0 ? page : free(page, receipt);
        byte[][] names = new byte[free.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = rename(free.key(i));
        }
        return free.withKeys(KeyList.of(names));
    }

    /**
     * The page without keys whose new name another key of the run has, of which the reader hears; those of them that
     * are gone leave that name to the other one.
     */
    private PageData free(PageData page, Receipt receipt) {
        NameOwners.Contest contest;
        lock.lock();
        try {
            contest = names(receipt)
                    .settle(
                            page,
                            page.targetDatabase(),
                            this::mayMeet,
                            receipt.run().changes());
        } catch (RedisException e) {
            receipt.run().fail(e.getMessage());
            throw e;
        } finally {
            lock.unlock();
        }
        readHeirs(contest, page, receipt);
        PageData marked = page.passingOn(contest.passedOn());
        if (contest.owners().isEmpty()) {
            return marked;
        }
        Map<Integer, String> causes = new HashMap<>();
        contest.owners()
                .forEach((i, owner) -> causes.put(
                        i,
                        RenameCollisions.cause(
                                target(new TargetNameIndex.Source(page.targetDatabase(), page.key(i))), owner.key())));
        receipt.settlement().refuse(page, causes);
        return marked.select(IntStream.range(0, page.size())
                .filter(i -> !causes.containsKey(i))
                .toArray());
    }

    /**
     * A look at the target's names takes those that were given here for names of keys that are gone: the keys that have
     * them are read again, as they may be gone, too.
     */
    private static void readHeirs(NameOwners.Contest contest, PageData page, Receipt receipt) {
        ChangeLog changes = receipt.run().changes();
        contest.heirs().forEach((i, heir) -> {
            // under names that others gave before the source knows no key
            boolean named = Arrays.equals(page.key(i), receipt.key(page.place(i)));
            if (changes.isFollowed() && named) {
                changes.mark(heir.key());
            }
        });
    }

    private NameOwners names(Receipt receipt) {
        Names known = runs.get(receipt.run());
        if (known == null || !known.epoch().equals(receipt.epoch())) {
            known = new Names(receipt.epoch(), new NameOwners(this::target));
            runs.put(receipt.run(), known);
        }
        return known.owners();
    }

    private TargetNameIndex.Source target(TargetNameIndex.Source source) {
        return new TargetNameIndex.Source(source.database(), rename(source.key()));
    }

    private boolean mayMeet(byte[] key) {
        return regex != null || startsWith(rename(key), toPrefix);
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private byte[] rename(byte[] key) {
        byte[] name = key;
        int prefix = fromPrefix.length;
        if (startsWith(key, fromPrefix) && prefix + toPrefix.length > 0) {
            name = Arrays.copyOf(toPrefix, toPrefix.length + key.length - prefix);
            System.arraycopy(key, prefix, name, toPrefix.length, key.length - prefix);
        }
        if (regex != null) {
            byte[] other = regex.replace(name, replacement);
            return other == null ? name : other;
        }
        return name;
    }
}
