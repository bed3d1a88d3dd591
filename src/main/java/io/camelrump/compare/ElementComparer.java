package io.camelrump.compare;

import io.camelrump.compare.ValueComparer.Progress;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares elements of sets, sorted sets and hashes, which have no order: those of the one are looked up in the other. */
final class ElementComparer {
    /** Reply of HPEXPIRETIME for a field that does not exist. */
    private static final long GONE = -2;

    private final CommandPipeline one;
    private final CommandPipeline other;
    private final boolean fieldsExpireAtOne;
    private final boolean fieldsExpireAtOther;
    private final boolean dropsFieldTtl;
    private final long toleranceMillis;

    ElementComparer(CommandPipeline one, CommandPipeline other, ComparePlan plan) {
        this.one = one;
        this.other = other;
        this.fieldsExpireAtOne = one.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.fieldsExpireAtOther = other.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.dropsFieldTtl = plan.losses().fieldTtl() && !fieldsExpireAtOther;
        this.toleranceMillis = plan.comparison().getTtlTolerance().toMillis();
    }

    /** Whether a server may count fields that have expired, which it shows to nobody. */
    boolean mayHideFields(ValueComparer.Pair pair) {
        return pair.fieldsMayExpire() && (fieldsExpireAtOne || fieldsExpireAtOther);
    }

    /** The elements of the chunk that was read; the values or scores of a hash or a sorted set are among them. */
    static List<?> elements(Progress progress) {
        return progress.content() instanceof List<?> scan && scan.size() == 2 && scan.get(1) instanceof List<?> elements
                ? elements
                : List.of();
    }

    /** Looks up the elements of the chunk that was read of each pair. */
    void compare(List<Progress> found) {
        for (Progress progress : found) {
            ask(progress);
        }
        one.send();
        other.send();
        for (Progress progress : found) {
            compare(progress);
        }
    }

    private void ask(Progress progress) {
        byte[] key = progress.pair().other();
        List<?> elements = elements(progress);
        switch (progress.pair().type()) {
            case SET -> {
                for (Object element : elements) {
                    other.ask("SISMEMBER", key, element);
                }
            }
            case ZSET -> {
                for (int i = 0; i < elements.size(); i += 2) {
                    other.ask("ZSCORE", key, elements.get(i));
                }
            }
            case HASH -> askFields(progress, everySecond(elements));
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
        }
    }

    private void askFields(Progress progress, Object[] fields) {
        ValueComparer.Pair pair = progress.pair();
        CommandPipeline lookedUp = progress.isReversed() ? one : other;
        lookedUp.ask("HMGET", with(fields, progress.isReversed() ? pair.one() : pair.other()));
        if (!mayHideFields(pair)) {
            return;
        }
        lookedUp.ask("TIME");
        if (fieldsExpireAtOne) {
            one.ask("HPEXPIRETIME", with(fields, pair.one(), "FIELDS", fields.length));
        }
        if (fieldsExpireAtOther) {
            other.ask("HPEXPIRETIME", with(fields, pair.other(), "FIELDS", fields.length));
        }
    }

    private static Object[] everySecond(List<?> elements) {
        Object[] fields = new Object[elements.size() / 2];
        Arrays.setAll(fields, i -> elements.get(2 * i));
        return fields;
    }

    private static Object[] with(Object[] fields, Object... before) {
        Object[] arguments = Arrays.copyOf(before, before.length + fields.length);
        System.arraycopy(fields, 0, arguments, before.length, fields.length);
        return arguments;
    }

    private void compare(Progress progress) {
        List<?> elements = elements(progress);
        switch (progress.pair().type()) {
            case SET -> {
                for (int i = 0; i < elements.size(); i++) {
                    progress.check(Long.valueOf(1).equals(other.answer()));
                }
            }
            case ZSET -> {
                for (int i = 1; i < elements.size(); i += 2) {
                    progress.check(isSameScore(elements.get(i), other.answer()));
                }
            }
            case HASH -> compareFields(progress, elements);
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
        }
    }

    private void compareFields(Progress progress, List<?> elements) {
        List<?> values = (progress.isReversed() ? one : other).answers();
        boolean expire = mayHideFields(progress.pair());
        long now = expire ? ServerClock.serverMicros((progress.isReversed() ? one : other).answer()) / 1000 : 0;
        List<?> times = expire && fieldsExpireAtOne ? one.answers() : List.of();
        List<?> otherTimes = expire && fieldsExpireAtOther ? other.answers() : List.of();
        progress.check(values.size() == elements.size() / 2);
        for (int i = 0; i < values.size() && progress.isEqual(); i++) {
            long time = time(times, i);
            long otherTime = time(otherTimes, i);
            if (values.get(i) == null) {
                long until = progress.isReversed() ? otherTime : time;
                // it has expired there, or since it was read at both
                progress.check(until == GONE || until >= 0 && until <= now + toleranceMillis);
            } else {
                progress.check(ValueComparer.isSame(elements.get(2 * i + 1), values.get(i)));
                compareExpiries(progress, time, otherTime);
            }
        }
    }

    /** Field times travel in the payload as they are; a server that does not know them keeps none. */
    private void compareExpiries(Progress progress, long time, long otherTime) {
        if (dropsFieldTtl) {
            if (time >= 0) {
                progress.reduced();
            }
            return;
        }
        progress.check(
                time < 0 || otherTime < 0 ? time < 0 && otherTime < 0 : Math.abs(time - otherTime) <= toleranceMillis);
    }

    private static long time(List<?> times, int i) {
        return i < times.size() && times.get(i) instanceof Long time ? time : PageData.NO_EXPIRY;
    }

    /** Versions spell one score in different ways: as 0.30000000000000004 or 3.0000000000000004e-1. */
    private static boolean isSameScore(@Nullable Object score, @Nullable Object otherScore) {
        if (!(score instanceof byte[]) || !(otherScore instanceof byte[])) {
            return false;
        }
        // by value: -0, which some encodings keep, is 0
        return score(CommandPipeline.text(score)) == score(CommandPipeline.text(otherScore));
    }

    private static double score(String text) {
        return Double.parseDouble(text.replace("inf", "Infinity"));
    }
}
