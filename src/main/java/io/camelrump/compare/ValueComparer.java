package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.CursorTrail;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.throttle.TurnPacer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares values of two servers by what the commands of their types return: payloads of equal values differ by
 * version, by the order of a hash table, and by how a list is cut into nodes.
 *
 * <p>Where a type has no order, each element of the source's value is looked up in the target's, and both must have as
 * many: so neither the order nor an element that a scan gives twice matters, and of a large value no more is held than
 * one chunk. A hash whose fields may expire counts some that have expired: the fields of each side are looked up in the
 * other.
 */
final class ValueComparer {
    /** Payload bytes of values that are read together, in one pipeline. */
    private static final int SMALL_BYTES_AT_ONCE = 256 * 1024;

    private static final int VALUES_AT_ONCE = 200;
    private static final int CHUNK_BYTES = 512 * 1024;
    private static final int CHUNK_ELEMENTS = 1_000;
    /**
     * Payloads are compressed; where the server does not report how large a value is, this is taken for their ratio.
     */
    private static final int RATIO_GUESSED = 8;

    private final CommandPipeline source;
    private final CommandPipeline target;
    private final GroupComparer groups;
    private final VectorSetComparer vectorSets;
    private final ElementComparer elements;
    private final boolean hasMemoryUsage;
    private final TurnPacer sourceTurns;
    private final TurnPacer targetTurns;
    private final Runnable signOfLife;

    /**
     * @param sourceTurns of what is requested over its connection
     * @param targetServer which may lack what the options allow
     * @param signOfLife called again and again while a large value is compared
     */
    ValueComparer(
            RedisConnection sourceServer,
            TurnPacer sourceTurns,
            RedisConnection targetServer,
            TurnPacer targetTurns,
            ComparePlan plan,
            Runnable signOfLife) {
        this.sourceTurns = sourceTurns;
        this.targetTurns = targetTurns;
        this.source = new CommandPipeline(sourceServer);
        this.target = new CommandPipeline(targetServer);
        this.groups = new GroupComparer(source, target, plan, signOfLife);
        this.vectorSets = new VectorSetComparer(source, target, signOfLife);
        this.elements = new ElementComparer(source, target, plan);
        // from 4.0 on, and if the user may ask
        this.hasMemoryUsage = source.knows("MEMORY", "USAGE", "");
        this.signOfLife = signOfLife;
    }

    /** Compares each of these pairs. */
    List<ValueComparison> compareAll(List<KeyPair> pairs) {
        List<ValueComparison> found = new ArrayList<>(pairs.size());
        int from = 0;
        while (from < pairs.size()) {
            int to = from + 1;
            long bytes = pairs.get(from).payloadBytes();
            long mostBytes = Math.min(SMALL_BYTES_AT_ONCE, bytesOfTurn());
            while (to < pairs.size()
                    && to - from < VALUES_AT_ONCE
                    && bytes < mostBytes
                    && pairs.get(to - 1).isSmall()
                    && pairs.get(to).isSmall()) {
                bytes += pairs.get(to++).payloadBytes();
            }
            for (ValueProgress progress : compare(pairs.subList(from, to))) {
                KeyPair pair = progress.pair;
                found.add(
                        pair.type() == RedisType.MODULE
                                ? vectorSets.compare(pair.source(), pair.target())
                                : progress.result());
            }
            from = to;
        }
        return found;
    }

    private List<ValueProgress> compare(List<KeyPair> pairs) {
        List<ValueProgress> all = new ArrayList<>(pairs.size());
        for (KeyPair pair : pairs) {
            all.add(new ValueProgress(pair, chunk(pair)));
        }
        List<ValueProgress> open = new ArrayList<>(all);
        open.removeIf(progress -> progress.ended);
        while (!open.isEmpty()) {
            compareChunks(open);
            open.removeIf(progress -> progress.ended);
        }
        for (ValueProgress progress : all) {
            if (progress.equal && progress.pair.type() == RedisType.STREAM) {
                ValueComparison.Kind beside =
                        groups.compare(progress.pair.source(), progress.pair.target(), progress.entries);
                progress.check(beside != ValueComparison.Kind.DIFFERENT);
                if (beside == ValueComparison.Kind.REDUCED) {
                    progress.reduced();
                }
            }
        }
        return all;
    }

    private long bytesOfTurn() {
        return Math.min(sourceTurns.payloadBytes(), targetTurns.payloadBytes());
    }

    private int chunk(KeyPair pair) {
        int mostBytes = (int) Math.min(CHUNK_BYTES, bytesOfTurn());
        if (pair.type() == RedisType.STRING) {
            return mostBytes;
        }
        int most = Math.min(CHUNK_ELEMENTS, Math.min(sourceTurns.elements(), targetTurns.elements()));
        if (pair.isSmall() || pair.type() == RedisType.MODULE) {
            return most;
        }
        long bytes = hasMemoryUsage && source.call("MEMORY", "USAGE", pair.source()) instanceof Long used
                ? Math.max(used, pair.payloadBytes())
                : (long) pair.payloadBytes() * RATIO_GUESSED;
        long elements = source.call(sizeCommand(pair.type()), pair.source()) instanceof Long size ? size : 1;
        return (int) Math.max(1, Math.min(most, mostBytes * Math.max(1, elements) / bytes));
    }

    // --- one chunk of each value ---

    private void compareChunks(List<ValueProgress> open) {
        signOfLife.run();
        inTurns(() -> {
            for (ValueProgress progress : open) {
                ask(progress);
            }
            source.send();
            target.send();
            for (ValueProgress progress : open) {
                take(progress);
            }
        });
        List<ValueProgress> unordered = open.stream()
                .filter(progress -> progress.equal
                        && !progress.pair.isOrdered()
                        && !ElementComparer.elements(progress).isEmpty())
                .toList();
        if (!unordered.isEmpty()) {
            inTurns(() -> elements.compare(unordered));
        }
        for (ValueProgress progress : open) {
            advance(progress);
        }
    }

    /** Does so in a turn of each server's. */
    private void inTurns(Runnable requests) {
        sourceTurns.beginAlone();
        targetTurns.beginAlone();
        requests.run();
        sourceTurns.endAlone();
        targetTurns.endAlone();
    }

    private void ask(ValueProgress progress) {
        KeyPair pair = progress.pair;
        if (progress.reversed) {
            askChunk(target, progress, pair.target());
            return;
        }
        if (!elements.mayHideFields(pair)) {
            source.ask(sizeCommand(pair.type()), pair.source());
            target.ask(sizeCommand(pair.type()), pair.target());
        }
        askChunk(source, progress, pair.source());
        if (pair.isOrdered()) {
            askChunk(target, progress, pair.target());
        }
    }

    private void take(ValueProgress progress) {
        KeyPair pair = progress.pair;
        if (progress.reversed) {
            progress.content = target.reply();
            return;
        }
        if (!elements.mayHideFields(pair)) {
            progress.size = source.reply();
            Object targetSize = target.reply();
            // XLEN of streams of Redis 5 may be wrong, and their entries are compared to the last one
            progress.check(pair.type() == RedisType.STREAM
                    || progress.size instanceof Long && progress.size.equals(targetSize));
        }
        progress.content = source.reply();
        if (pair.isOrdered()) {
            progress.check(isSame(progress.content, target.reply()));
        }
    }

    private static void askChunk(CommandPipeline server, ValueProgress progress, byte[] key) {
        RedisType type = progress.pair.type();
        long last = progress.position + progress.chunk - 1;
        switch (type) {
            case STRING -> server.ask("GETRANGE", key, progress.position, last);
            case LIST -> server.ask("LRANGE", key, progress.position, last);
            case STREAM -> server.ask("XRANGE", key, progress.cursor, "+", "COUNT", progress.chunk);
            case SET, ZSET, HASH ->
                server.ask(progress.pair.scanCommand(), key, progress.cursor, "COUNT", progress.chunk);
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

    private void advance(ValueProgress progress) {
        progress.position += progress.chunk;
        List<?> content = progress.content instanceof List<?> list ? list : List.of();
        switch (progress.pair.type()) {
            case STRING ->
                progress.ended |= !(progress.size instanceof Long size)
                        || progress.position >= size
                        || !(progress.content instanceof byte[] bytes && bytes.length > 0);
            case LIST -> progress.ended |= content.size() < progress.chunk;
            case STREAM -> {
                progress.entries += content.size();
                progress.ended |= content.size() < progress.chunk;
                if (!progress.ended) {
                    advance(progress, GroupComparer.idAfter(((List<?>) content.get(content.size() - 1)).get(0)));
                }
            }
            case SET, ZSET, HASH, MODULE -> {
                progress.check(content.size() == 2);
                advance(progress, content.isEmpty() ? "0" : CommandPipeline.text(content.get(0)));
                boolean last = progress.cursor.equals("0");
                boolean back = last && !progress.reversed && elements.mayHideFields(progress.pair);
                progress.reversed |= back;
                progress.ended |= last && !back;
            }
        }
    }

    private void advance(ValueProgress progress, String next) {
        progress.cursor = next;
        if (next.equals("0")) {
            progress.cursors = null;
            return;
        }
        if (progress.cursors == null) {
            progress.cursors = new CursorTrail(progress.pair.scanCommand());
        }
        (progress.reversed ? target : source)
                .passed(progress.cursors, Cursor.of(next.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Whether two replies are the same, which byte arrays in lists do not tell by themselves. */
    static boolean isSame(@Nullable Object source, @Nullable Object target) {
        if (source instanceof List<?> list && target instanceof List<?> targetList) {
            if (list.size() != targetList.size()) {
                return false;
            }
            for (int i = 0; i < list.size(); i++) {
                if (!isSame(list.get(i), targetList.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.deepEquals(source, target) && !(source instanceof ErrorReply);
    }
}
