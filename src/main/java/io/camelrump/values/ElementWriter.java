package io.camelrump.values;

import io.camelrump.options.AcceptedLosses;
import io.camelrump.redis.ElementFeatures;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes parts of a value by the commands of its type.
 *
 * <p>Written a second time, elements of a list and bytes of a string come twice and entries of a stream are refused,
 * all else is as it was; so a value counts as complete only with the number of elements that its source reported.
 */
public final class ElementWriter {
    private static final int MOST_ROWS = 1_000;
    private static final List<Long> EXPIRED_AT_ONCE = List.of(2L);

    private final Supplier<RespWriter> target;
    private final ElementFeatures features;
    private final AcceptedLosses losses;

    public ElementWriter(RedisConnection target, ElementFeatures features, AcceptedLosses losses) {
        this(target::out, features, losses);
    }

    /** @param target takes the commands; nothing asks here what is replied */
    public ElementWriter(Supplier<RespWriter> target, ElementFeatures features, AcceptedLosses losses) {
        this.target = target;
        this.features = features;
        this.losses = losses;
    }

    /** Why the target cannot hold what this part says; null if it can. Asks nothing. */
    @Nullable
    public String refusal(KeyPart part) {
        if (part.type().equals("stream") && !features.streams()) {
            return "the target's version has no streams";
        }
        if (part.type().equals("stream") && !losses.idmp()) {
            List<Elements.Row> first = Elements.rows(buffer(part), 1);
            return first.isEmpty() || first.get(0).kind() != Elements.Kind.PRODUCER_IDS
                    ? null
                    : ProducerIds.of(first.get(0)).refusal(features.producerIds());
        }
        if (part.type().equals("hash") && !features.fieldExpiry() && !losses.fieldTtl()) {
            ByteBuffer in = buffer(part);
            for (List<Elements.Row> rows = Elements.rows(in, MOST_ROWS); !rows.isEmpty(); ) {
                if (rows.get(0).kind() == Elements.Kind.EXPIRING_FIELD) {
                    return "fields of this hash expire, and the target's version has no such fields; dropFieldTtl"
                            + " (--drop-field-ttl) takes them as fields that stay";
                }
                rows = Elements.rows(in, MOST_ROWS);
            }
        }
        return null;
    }

    /** Writes the part's elements to this key, and does not flush; gives how many replies are due. */
    public int write(KeyPart part, byte[] key) throws IOException {
        ByteBuffer in = buffer(part);
        int replies = 0;
        Elements.Row producerIds = null;
        for (List<Elements.Row> rows = Elements.rows(in, MOST_ROWS); !rows.isEmpty(); ) {
            if (rows.get(0).kind() == Elements.Kind.PRODUCER_IDS) {
                producerIds = rows.get(0);
            } else {
                replies += write(rows, key);
            }
            rows = Elements.rows(in, MOST_ROWS);
        }
        // once the stream is there
        return replies + (producerIds == null ? 0 : producerIds(ProducerIds.of(producerIds), key));
    }

    /**
     * Whether an error only says that a part was written before; the count at the end shows whether something is
     * missing.
     */
    public static boolean isHarmless(ErrorReply error) {
        return error.code().equals("BUSYGROUP") || error.text().contains("equal or smaller than the target stream");
    }

    /** Whether an error says that what was read of a stream does not fit together: it changed meanwhile. */
    public static boolean isSignOfChange(ErrorReply error) {
        return error.text().contains("specified in XSETID is smaller");
    }

    /** Whether HPEXPIREAT says that the time of its field is up, so that the field is gone. */
    public static boolean saysExpired(@Nullable Object reply) {
        return reply instanceof List<?> fields && fields.equals(EXPIRED_AT_ONCE);
    }

    /** Asks for the number of elements; one reply is due. */
    public static void writeCount(RespWriter out, String type, byte[] key) throws IOException {
        out.command(2).arg(countCommand(type)).arg(key);
    }

    /**
     * The command that returns the number of elements of a value, or of bytes of a string; empty for a module's type.
     */
    public static String countCommand(String type) {
        return switch (type) {
            case "string" -> "STRLEN";
            case "list" -> "LLEN";
            case "set" -> "SCARD";
            case "zset" -> "ZCARD";
            case "hash" -> "HLEN";
            case "stream" -> "XLEN";
            default -> "";
        };
    }

    private static ByteBuffer buffer(KeyPart part) {
        return ByteBuffer.wrap(part.bytes(), part.offset(), part.length());
    }

    private int write(List<Elements.Row> rows, byte[] key) throws IOException {
        return switch (rows.get(0).kind()) {
            case STRING -> strings(rows, key);
            case LIST -> together("RPUSH", rows, key);
            case SET -> together("SADD", rows, key);
            case ZSET -> together("ZADD", rows, key);
            // HSET takes several fields from 4.0 on, and every version knows this one
            case HASH -> together("HMSET", rows, key);
            case EXPIRING_FIELD -> expiringFields(rows, key);
            case ENTRY -> entries(rows, key);
            case GROUP -> groups(rows, key);
            case CONSUMER -> consumers(rows, key);
            case PENDING -> pending(rows, key);
            case DELETED_ENTRY -> delete(rows, key);
            case TRIMMED_ENTRY -> features.streamCounters() ? trim(rows, key) : delete(rows, key);
            case STREAM -> stream(rows.get(0), key);
            case PRODUCER_IDS -> throw new IllegalStateException("written behind the others");
        };
    }

    private int strings(List<Elements.Row> rows, byte[] key) throws IOException {
        for (Elements.Row row : rows) {
            if (row.text(0).equals("0")) {
                // APPEND makes no empty string
                target.get().command(3).arg("SET").arg(key).arg(row.cell(1));
            } else {
                // SETRANGE would fill with zeros what was lost, and the length would prove nothing
                target.get().command(3).arg("APPEND").arg(key).arg(row.cell(1));
            }
        }
        return rows.size();
    }

    private int together(String command, List<Elements.Row> rows, byte[] key) throws IOException {
        int cells = rows.stream().mapToInt(row -> row.cells().size()).sum();
        RespWriter out = target.get().command(2 + cells).arg(command).arg(key);
        for (Elements.Row row : rows) {
            for (byte[] cell : row.cells()) {
                out.arg(cell);
            }
        }
        return 1;
    }

    private int expiringFields(List<Elements.Row> rows, byte[] key) throws IOException {
        RespWriter out = target.get().command(2 + 2 * rows.size()).arg("HMSET").arg(key);
        for (Elements.Row row : rows) {
            out.arg(row.cell(0)).arg(row.cell(1));
        }
        if (!features.fieldExpiry()) {
            return 1;
        }
        for (Elements.Row row : rows) {
            out.command(6)
                    .arg("HPEXPIREAT")
                    .arg(key)
                    .arg(row.cell(2))
                    .arg("FIELDS")
                    .arg("1")
                    .arg(row.cell(0));
        }
        return 1 + rows.size();
    }

    private int entries(List<Elements.Row> rows, byte[] key) throws IOException {
        for (Elements.Row row : rows) {
            boolean deleted = row.cells().size() == 1;
            RespWriter out = target.get().command(2 + row.cells().size() + (deleted ? 2 : 0));
            out.arg("XADD").arg(key);
            for (byte[] cell : row.cells()) {
                out.arg(cell);
            }
            if (deleted) {
                // it stands in until it is pending, as nothing can be claimed that is not there
                out.arg("deleted").arg("");
            }
        }
        return rows.size();
    }

    private int groups(List<Elements.Row> rows, byte[] key) throws IOException {
        for (Elements.Row row : rows) {
            boolean counted = features.streamCounters() && row.cell(2).length > 0;
            RespWriter out = target.get().command(6 + (counted ? 2 : 0));
            out.arg("XGROUP")
                    .arg("CREATE")
                    .arg(key)
                    .arg(row.cell(0))
                    .arg(row.cell(1))
                    .arg("MKSTREAM");
            if (counted) {
                out.arg("ENTRIESREAD").arg(row.cell(2));
            }
        }
        return rows.size();
    }

    private int consumers(List<Elements.Row> rows, byte[] key) throws IOException {
        if (!features.idleConsumers()) {
            return 0;
        }
        for (Elements.Row row : rows) {
            target.get()
                    .command(5)
                    .arg("XGROUP")
                    .arg("CREATECONSUMER")
                    .arg(key)
                    .arg(row.cell(0))
                    .arg(row.cell(1));
        }
        return rows.size();
    }

    private int pending(List<Elements.Row> rows, byte[] key) throws IOException {
        for (Elements.Row row : rows) {
            RespWriter out = target.get().command(12).arg("XCLAIM").arg(key);
            out.arg(row.cell(0)).arg(row.cell(1)).arg("0").arg(row.cell(2));
            out.arg("TIME").arg(row.cell(3)).arg("RETRYCOUNT").arg(row.cell(4));
            out.arg("FORCE").arg("JUSTID");
        }
        return rows.size();
    }

    private int delete(List<Elements.Row> rows, byte[] key) throws IOException {
        RespWriter out = target.get().command(2 + rows.size()).arg("XDEL").arg(key);
        for (Elements.Row row : rows) {
            out.arg(row.cell(0));
        }
        return 1;
    }

    /** XDEL would be remembered as the largest id deleted, and XSETID cannot set that back to none. */
    private int trim(List<Elements.Row> rows, byte[] key) throws IOException {
        byte[] next = rows.get(rows.size() - 1).cell(1);
        target.get().command(4).arg("XTRIM").arg(key).arg("MINID").arg(next);
        return 1;
    }

    private int stream(Elements.Row row, byte[] key) throws IOException {
        boolean counted = features.streamCounters() && row.cell(1).length > 0;
        RespWriter out = target.get().command(3 + (counted ? 4 : 0));
        out.arg("XSETID").arg(key).arg(row.cell(0));
        if (counted) {
            out.arg("ENTRIESADDED").arg(row.cell(1)).arg("MAXDELETEDID").arg(row.cell(2));
        }
        return 1;
    }

    private int producerIds(ProducerIds ids, byte[] key) throws IOException {
        if (!features.producerIds()) {
            return 0;
        }
        RespWriter out = target.get().command(6).arg("XCFGSET").arg(key);
        out.arg("IDMP-DURATION").arg(ids.seconds()).arg("IDMP-MAXSIZE").arg(ids.most());
        return 1;
    }
}
