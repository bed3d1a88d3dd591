package io.camelrump;

import io.camelrump.ValueComparer.Progress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares elements of sets, sorted sets and hashes, which have no order: those of the one are looked up in the other. */
final class ElementComparer {
    private final Questions one;
    private final Questions other;
    private final boolean fieldsExpireAtOne;
    private final boolean fieldsExpireAtOther;
    private final long toleranceMillis;

    /**
     * @param toleranceMillis by how much the expiries of two fields may differ
     */
    ElementComparer(Questions one, Questions other, long toleranceMillis) {
        this.one = one;
        this.other = other;
        this.fieldsExpireAtOne = one.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.fieldsExpireAtOther = other.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.toleranceMillis = toleranceMillis;
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
            case HASH -> {
                Object[] fields = everySecond(elements);
                other.ask("HMGET", with(fields, key));
                if (progress.pair().fieldsMayExpire() && fieldsExpireAtOne) {
                    one.ask("HPEXPIRETIME", with(fields, progress.pair().one(), "FIELDS", fields.length));
                }
                if (progress.pair().fieldsMayExpire() && fieldsExpireAtOther) {
                    other.ask("HPEXPIRETIME", with(fields, key, "FIELDS", fields.length));
                }
            }
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
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
            case HASH -> {
                List<?> values = other.answers();
                progress.check(values.size() == elements.size() / 2);
                for (int i = 0; i < values.size() && progress.isEqual(); i++) {
                    progress.check(ValueComparer.isSame(elements.get(2 * i + 1), values.get(i)));
                }
                compareFieldExpiries(progress, elements.size() / 2);
            }
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
        }
    }

    /** Field times travel in the payload as they are; a server that does not know them keeps none. */
    private void compareFieldExpiries(Progress progress, int fields) {
        if (!progress.pair().fieldsMayExpire()) {
            return;
        }
        List<?> times = fieldsExpireAtOne ? one.answers() : List.of();
        List<?> otherTimes = fieldsExpireAtOther ? other.answers() : List.of();
        for (int i = 0; i < fields; i++) {
            long time = time(times, i);
            long otherTime = time(otherTimes, i);
            progress.check(
                    time < 0 || otherTime < 0
                            ? time < 0 && otherTime < 0
                            : Math.abs(time - otherTime) <= toleranceMillis);
        }
    }

    private static long time(List<?> times, int i) {
        return i < times.size() && times.get(i) instanceof Long time ? time : Page.NO_EXPIRY;
    }

    /** Versions spell one score in different ways: as 0.30000000000000004 or 3.0000000000000004e-1. */
    private static boolean isSameScore(@Nullable Object score, @Nullable Object otherScore) {
        if (!(score instanceof byte[]) || !(otherScore instanceof byte[])) {
            return false;
        }
        return Double.compare(score(ValueComparer.text(score)), score(ValueComparer.text(otherScore))) == 0;
    }

    private static double score(String text) {
        return Double.parseDouble(text.replace("inf", "Infinity"));
    }
}
