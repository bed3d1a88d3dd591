package io.camelrump.compare;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.run.PageData;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares elements of sets, sorted sets and hashes, which have no order: the source's are looked up at the target. */
final class ElementComparer {
    /** Reply of HPEXPIRETIME for a field that does not exist. */
    private static final long GONE = -2;

    private final CommandPipeline source;
    private final CommandPipeline target;
    private final boolean fieldsExpireAtSource;
    private final boolean fieldsExpireAtTarget;
    private final boolean dropsFieldTtl;
    private final long toleranceMillis;

    ElementComparer(CommandPipeline source, CommandPipeline target, ComparePlan plan) {
        this.source = source;
        this.target = target;
        this.fieldsExpireAtSource = source.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.fieldsExpireAtTarget = target.knows("HPEXPIRETIME", "", "FIELDS", 1, "");
        this.dropsFieldTtl = plan.losses().fieldTtl() && !fieldsExpireAtTarget;
        this.toleranceMillis = plan.comparison().getTtlTolerance().toMillis();
    }

    /** Whether a server may count fields that have expired, which it shows to nobody. */
    boolean mayHideFields(KeyPair pair) {
        return pair.fieldsMayExpire() && (fieldsExpireAtSource || fieldsExpireAtTarget);
    }

    /** The elements of the chunk that was read; the values or scores of a hash or a sorted set are among them. */
    static List<?> elements(ValueProgress progress) {
        return progress.content() instanceof List<?> scan && scan.size() == 2 && scan.get(1) instanceof List<?> elements
                ? elements
                : List.of();
    }

    /** Looks up the elements of the chunk that was read of each pair. */
    void compare(List<ValueProgress> found) {
        for (ValueProgress progress : found) {
            ask(progress);
        }
        source.send();
        target.send();
        for (ValueProgress progress : found) {
            compare(progress);
        }
    }

    private void ask(ValueProgress progress) {
        byte[] key = progress.pair().target();
        List<?> elements = elements(progress);
        switch (progress.pair().type()) {
            case SET -> {
                for (Object element : elements) {
                    target.ask("SISMEMBER", key, element);
                }
            }
            case ZSET -> {
                for (int i = 0; i < elements.size(); i += 2) {
                    target.ask("ZSCORE", key, elements.get(i));
                }
            }
            case HASH -> askFields(progress, everySecond(elements));
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
        }
    }

    private void askFields(ValueProgress progress, Object[] fields) {
        KeyPair pair = progress.pair();
        CommandPipeline lookedUp = progress.isReversed() ? source : target;
        lookedUp.ask("HMGET", with(fields, progress.isReversed() ? pair.source() : pair.target()));
        if (!mayHideFields(pair)) {
            return;
        }
        lookedUp.ask("TIME");
        if (fieldsExpireAtSource) {
            source.ask("HPEXPIRETIME", with(fields, pair.source(), "FIELDS", fields.length));
        }
        if (fieldsExpireAtTarget) {
            target.ask("HPEXPIRETIME", with(fields, pair.target(), "FIELDS", fields.length));
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

    private void compare(ValueProgress progress) {
        List<?> elements = elements(progress);
        switch (progress.pair().type()) {
            case SET -> {
                for (int i = 0; i < elements.size(); i++) {
                    progress.check(Long.valueOf(1).equals(target.reply()));
                }
            }
            case ZSET -> {
                for (int i = 1; i < elements.size(); i += 2) {
                    progress.check(isSameScore(elements.get(i), target.reply()));
                }
            }
            case HASH -> compareFields(progress, elements);
            case STRING, LIST, STREAM, MODULE -> throw new IllegalStateException("ordered");
        }
    }

    private void compareFields(ValueProgress progress, List<?> elements) {
        List<?> values = (progress.isReversed() ? source : target).listReply();
        boolean expire = mayHideFields(progress.pair());
        long now = expire ? (progress.isReversed() ? source : target).timeMillis() : 0;
        List<?> sourceTimes = expire && fieldsExpireAtSource ? source.listReply() : List.of();
        List<?> targetTimes = expire && fieldsExpireAtTarget ? target.listReply() : List.of();
        progress.check(values.size() == elements.size() / 2);
        for (int i = 0; i < values.size() && progress.isEqual(); i++) {
            long sourceTime = time(sourceTimes, i);
            long targetTime = time(targetTimes, i);
            if (values.get(i) == null) {
                long until = progress.isReversed() ? targetTime : sourceTime;
                // it has expired there, or since it was read at both
                progress.check(until == GONE || until >= 0 && until <= now + toleranceMillis);
            } else {
                progress.check(ValueComparer.isSame(elements.get(2 * i + 1), values.get(i)));
                compareExpiries(progress, sourceTime, targetTime);
            }
        }
    }

    /** Field times travel in the payload as they are; a server that does not know them keeps none. */
    private void compareExpiries(ValueProgress progress, long sourceTime, long targetTime) {
        if (dropsFieldTtl) {
            if (sourceTime >= 0) {
                progress.reduced();
            }
            return;
        }
        progress.check(
                sourceTime < 0 || targetTime < 0
                        ? sourceTime < 0 && targetTime < 0
                        : Math.abs(sourceTime - targetTime) <= toleranceMillis);
    }

    private static long time(List<?> times, int i) {
        return i < times.size() && times.get(i) instanceof Long time ? time : PageData.NO_EXPIRY;
    }

    /** Versions spell one score in different ways: as 0.30000000000000004 or 3.0000000000000004e-1. */
    private static boolean isSameScore(@Nullable Object sourceScore, @Nullable Object targetScore) {
        if (!(sourceScore instanceof byte[]) || !(targetScore instanceof byte[])) {
            return false;
        }
        // by value: -0, which some encodings keep, is 0
        return score(CommandPipeline.text(sourceScore)) == score(CommandPipeline.text(targetScore));
    }

    private static double score(String text) {
        return Double.parseDouble(text.replace("inf", "Infinity"));
    }
}
