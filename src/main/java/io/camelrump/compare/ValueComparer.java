package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares values of two servers by what the commands of their types tell: payloads of equal values differ by version,
 * by the order of a hash table, and by how a list is cut into nodes.
 *
 * <p>Where a type has no order, each element of the one value is looked up in the other, and both must have as many: so
 * neither the order nor an element that a scan gives twice matters, and of a large value no more is held than one chunk.
 * A hash whose fields may expire counts some that have expired: the fields of each side are looked up in the other.
 */
final class ValueComparer {
    /** Values whose payloads are no longer are read together, in pipelines. */
    private static final int SMALL_BYTES = 16 * 1024;

    private static final int SMALL_BYTES_AT_ONCE = 256 * 1024;
    private static final int VALUES_AT_ONCE = 200;
    private static final int CHUNK_BYTES = 512 * 1024;
    private static final int CHUNK_ELEMENTS = 1_000;
    /** Payloads are compressed; where the server does not tell how large a value is, this is taken for their ratio. */
    private static final int RATIO_GUESSED = 8;

    /**
     * A key at both servers.
     *
     * @param fieldsMayExpire whether it is a hash whose single fields may have expiries
     */
    record Pair(byte[] one, byte[] other, RedisType type, int payloadBytes, boolean fieldsMayExpire) {
        private boolean isSmall() {
            return payloadBytes <= SMALL_BYTES;
        }

        private boolean isOrdered() {
            return switch (type) {
                case STRING, LIST, STREAM -> true;
                case SET, ZSET, HASH, MODULE -> false;
            };
        }
    }

    /** How far a pair was compared. */
    static final class Progress {
        private final Pair pair;
        /** Elements, or bytes of a string, to be read at once. */
        private final int chunk;

        private long position;
        private String cursor;
        /** Entries of a stream that were compared. */
        private long entries;

        private @Nullable Object size;
        private @Nullable Object content;
        /** Whether the elements of the other value are looked up in the one, after those of the one in the other. */
        private boolean reversed;

        private boolean ended;
        private boolean equal = true;
        private boolean reduced;

        Progress(Pair pair, int chunk) {
            this.pair = pair;
            this.chunk = chunk;
            this.cursor = pair.type() == RedisType.STREAM ? "-" : "0";
            // compared as a whole
            this.ended = pair.type() == RedisType.MODULE;
        }

        Pair pair() {
            return pair;
        }

        /** Reply of the server about this chunk, whose elements are looked up. */
        @Nullable
        Object content() {
            return content;
        }

        boolean isReversed() {
            return reversed;
        }

        boolean isEqual() {
            return equal;
        }

        /** The other value lacks something that it was allowed to lose. */
        void reduced() {
            reduced = true;
        }

        private ValueComparison likeness() {
            return ValueComparison.of(
                    !equal
                            ? ValueComparison.Kind.DIFFERENT
                            : reduced ? ValueComparison.Kind.REDUCED : ValueComparison.Kind.EQUAL);
        }

        void check(boolean holds) {
            if (!holds) {
                equal = false;
                ended = true;
            }
        }
    }

    private final CommandPipeline one;
    private final CommandPipeline other;
    private final GroupComparer groups;
    private final VectorSetComparer vectorSets;
    private final ElementComparer elements;
    private final boolean tellsMemory;
    private final Runnable signOfLife;

    /**
     * @param right of the target, which may lack what the options allow
     * @param signOfLife called again and again while a large value is compared
     */
    ValueComparer(RedisConnection left, RedisConnection right, ComparePlan plan, Runnable signOfLife) {
        this.one = new CommandPipeline(left);
        this.other = new CommandPipeline(right);
        this.groups = new GroupComparer(one, other, plan, signOfLife);
        this.vectorSets = new VectorSetComparer(one, other, signOfLife);
        this.elements = new ElementComparer(one, other, plan);
        // from 4.0 on, and if the user may ask
        this.tellsMemory = one.knows("MEMORY", "USAGE", "");
        this.signOfLife = signOfLife;
    }

    /** Compares each of these pairs. */
    List<ValueComparison> compareAll(List<Pair> pairs) {
        List<ValueComparison> found = new ArrayList<>(pairs.size());
        int from = 0;
        while (from < pairs.size()) {
            int to = from + 1;
            long bytes = pairs.get(from).payloadBytes();
            while (to < pairs.size()
                    && to - from < VALUES_AT_ONCE
                    && bytes < SMALL_BYTES_AT_ONCE
                    && pairs.get(to - 1).isSmall()
                    && pairs.get(to).isSmall()) {
                bytes += pairs.get(to++).payloadBytes();
            }
            for (Progress progress : compare(pairs.subList(from, to))) {
                Pair pair = progress.pair;
                found.add(
                        pair.type() == RedisType.MODULE
                                ? vectorSets.compare(pair.one(), pair.other())
                                : progress.likeness());
            }
            from = to;
        }
        return found;
    }

    private List<Progress> compare(List<Pair> pairs) {
        List<Progress> all = new ArrayList<>(pairs.size());
        for (Pair pair : pairs) {
            all.add(new Progress(pair, chunk(pair)));
        }
        List<Progress> open = new ArrayList<>(all);
        open.removeIf(progress -> progress.ended);
        while (!open.isEmpty()) {
            compareChunks(open);
            open.removeIf(progress -> progress.ended);
        }
        for (Progress progress : all) {
            if (progress.equal && progress.pair.type() == RedisType.STREAM) {
                ValueComparison.Kind beside =
                        groups.compare(progress.pair.one(), progress.pair.other(), progress.entries);
                progress.check(beside != ValueComparison.Kind.DIFFERENT);
                progress.reduced |= beside == ValueComparison.Kind.REDUCED;
            }
        }
        return all;
    }

    private int chunk(Pair pair) {
        if (pair.type() == RedisType.STRING) {
            return CHUNK_BYTES;
        }
        if (pair.isSmall() || pair.type() == RedisType.MODULE) {
            return CHUNK_ELEMENTS;
        }
        long bytes = tellsMemory && one.answerTo("MEMORY", "USAGE", pair.one()) instanceof Long told
                ? Math.max(told, pair.payloadBytes())
                : (long) pair.payloadBytes() * RATIO_GUESSED;
        long elements = one.answerTo(sizeCommand(pair.type()), pair.one()) instanceof Long told ? told : 1;
        return (int) Math.max(1, Math.min(CHUNK_ELEMENTS, CHUNK_BYTES * Math.max(1, elements) / bytes));
    }

    // --- one chunk of each value ---

    private void compareChunks(List<Progress> open) {
        signOfLife.run();
        for (Progress progress : open) {
            ask(progress);
        }
        one.send();
        other.send();
        for (Progress progress : open) {
            take(progress);
        }
        elements.compare(open.stream()
                .filter(progress -> progress.equal
                        && !progress.pair.isOrdered()
                        && !ElementComparer.elements(progress).isEmpty())
                .toList());
        for (Progress progress : open) {
            advance(progress);
        }
    }

    private void ask(Progress progress) {
        Pair pair = progress.pair;
        if (progress.reversed) {
            askChunk(other, progress, pair.other());
            return;
        }
        if (!elements.mayHideFields(pair)) {
            one.ask(sizeCommand(pair.type()), pair.one());
            other.ask(sizeCommand(pair.type()), pair.other());
        }
        askChunk(one, progress, pair.one());
        if (pair.isOrdered()) {
            askChunk(other, progress, pair.other());
        }
    }

    private void take(Progress progress) {
        Pair pair = progress.pair;
        if (progress.reversed) {
            progress.content = other.answer();
            return;
        }
        if (!elements.mayHideFields(pair)) {
            progress.size = one.answer();
            Object otherSize = other.answer();
            // XLEN of streams of Redis 5 may be wrong, and their entries are compared to the last one
            progress.check(pair.type() == RedisType.STREAM
                    || progress.size instanceof Long && progress.size.equals(otherSize));
        }
        progress.content = one.answer();
        if (pair.isOrdered()) {
            progress.check(isSame(progress.content, other.answer()));
        }
    }

    private static void askChunk(CommandPipeline server, Progress progress, byte[] key) {
        RedisType type = progress.pair.type();
        long last = progress.position + progress.chunk - 1;
        switch (type) {
            case STRING -> server.ask("GETRANGE", key, progress.position, last);
            case LIST -> server.ask("LRANGE", key, progress.position, last);
            case STREAM -> server.ask("XRANGE", key, progress.cursor, "+", "COUNT", progress.chunk);
            case SET -> server.ask("SSCAN", key, progress.cursor, "COUNT", progress.chunk);
            case ZSET -> server.ask("ZSCAN", key, progress.cursor, "COUNT", progress.chunk);
            case HASH -> server.ask("HSCAN", key, progress.cursor, "COUNT", progress.chunk);
            case MODULE -> throw new IllegalStateException("a module's value has no chunks");
        }
    }

    private static String sizeCommand(RedisType type) {
        return switch (type) {
            case STRING -> "STRLEN";
            case LIST -> "LLEN";
            case SET -> "SCARD";
            case ZSET -> "ZCARD";
            case HASH -> "HLEN";
            case STREAM -> "XLEN";
            case MODULE -> "EXISTS";
        };
    }

    private void advance(Progress progress) {
        progress.position += progress.chunk;
        List<?> content = progress.content instanceof List<?> list ? list : List.of();
        switch (progress.pair.type()) {
            case STRING -> progress.ended |= !(progress.size instanceof Long size) || progress.position >= size;
            case LIST -> progress.ended |= content.size() < progress.chunk;
            case STREAM -> {
                progress.entries += content.size();
                progress.ended |= content.size() < progress.chunk;
                if (!progress.ended) {
                    progress.cursor = GroupComparer.idAfter(((List<?>) content.get(content.size() - 1)).get(0));
                }
            }
            case SET, ZSET, HASH, MODULE -> {
                progress.check(content.size() == 2);
                progress.cursor = content.isEmpty() ? "0" : CommandPipeline.text(content.get(0));
                boolean last = progress.cursor.equals("0");
                boolean back = last && !progress.reversed && elements.mayHideFields(progress.pair);
                progress.reversed |= back;
                progress.ended |= last && !back;
            }
        }
    }

    /** Whether two replies are the same, which byte arrays in lists do not tell by themselves. */
    static boolean isSame(@Nullable Object one, @Nullable Object other) {
        if (one instanceof List<?> list && other instanceof List<?> otherList) {
            if (list.size() != otherList.size()) {
                return false;
            }
            for (int i = 0; i < list.size(); i++) {
                if (!isSame(list.get(i), otherList.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.deepEquals(one, other) && !(one instanceof ErrorReply);
    }
}
