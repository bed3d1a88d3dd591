package io.camelrump.values;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By what a stream knows messages that its producers send again (idempotent message processing, from Redis 8.6 on): its
 * settings, which commands carry, and the ids of late, which no command reports and a DUMP alone has.
 *
 * @param seconds how long an id is remembered
 * @param most how many ids of one producer are remembered
 * @param added ids that producers ever sent
 * @param tracked ids that are remembered now
 * @see <a href="https://redis.io/docs/latest/commands/xcfgset/">XCFGSET</a>
 */
public record ProducerIds(long seconds, long most, long added, long tracked) {
    private static final long USUAL_SECONDS = 100;
    private static final long USUAL_MOST = 100;

    /** Settings and ids as XINFO STREAM reports them; null on a server without IDMP. */
    public static @Nullable ProducerIds of(Map<String, ? extends @Nullable Object> info) {
        return info.get("idmp-duration") instanceof Long seconds && info.get("idmp-maxsize") instanceof Long most
                ? new ProducerIds(seconds, most, number(info.get("iids-added")), number(info.get("iids-tracked")))
                : null;
    }

    private static long number(@Nullable Object reported) {
        return reported instanceof Long number ? number : 0;
    }

    public static ProducerIds of(Elements.Row row) {
        return new ProducerIds(
                Long.parseLong(row.text(0)),
                Long.parseLong(row.text(1)),
                Long.parseLong(row.text(2)),
                Long.parseLong(row.text(3)));
    }

    void addTo(Elements.Builder part) {
        part.row(
                Elements.Kind.PRODUCER_IDS,
                ReplyForm.number(seconds),
                ReplyForm.number(most),
                ReplyForm.number(added),
                ReplyForm.number(tracked));
    }

    public boolean hasSameSettings(ProducerIds other) {
        return seconds == other.seconds && most == other.most;
    }

    /** Whether a server without such a thing loses something: ids, or settings that producers ever made use of. */
    boolean isLostWithout() {
        return tracked > 0 || added > 0 && (seconds != USUAL_SECONDS || most != USUAL_MOST);
    }

    /** Whether the stream at the target lacks ids that are remembered here. */
    public boolean isLostIn(@Nullable ProducerIds other) {
        return other == null ? isLostWithout() : tracked > 0 && other.tracked == 0;
    }

    /** Why a stream is not written by commands that has these; null if nothing is lost. */
    @Nullable
    String refusal(boolean targetHasThem) {
        if (!(targetHasThem ? tracked > 0 : isLostWithout())) {
            return null;
        }
        return targetHasThem
                ? "it remembers " + tracked
                        + " ids of its producers (IDMP), which a DUMP alone carries: one up to bigKey"
                        + " (--big-key), and to a version that takes it. dropIdmp (--drop-idmp) takes it without them"
                : "it remembers ids of its producers (IDMP), and the target's version does not; dropIdmp (--drop-idmp)"
                        + " takes it without them";
    }
}
