package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How far the two clocks are apart. */
final class ClockCheck {
    private static final long SECOND = 1_000;

    private final Side source;
    private final Side target;

    ClockCheck(Side source, Side target) {
        this.source = source;
        this.target = target;
    }

    List<Finding> findings() throws IOException {
        String name = "clocks";
        if (ServerClock.serverMicros(source.connection().probe("TIME")) < 0
                || ServerClock.serverMicros(target.connection().probe("TIME")) < 0) {
            return List.of(
                    Finding.note(name, "not known: both are assumed to be right", "add the rule +time on both sides"));
        }
        ServerClock from = ServerClock.measure(source.connection());
        ServerClock to = ServerClock.measure(target.connection());
        long skew = Math.round((to.offsetMicros() - from.offsetMicros()) / 1000.0);
        String apart = Math.abs(skew) < SECOND
                ? Math.abs(skew) + " ms"
                : String.format(Locale.ROOT, "%.1f s", Math.abs(skew) / (double) SECOND);
        String found = "the target's is " + apart + (skew < 0 ? " behind" : " ahead")
                + "; expiries of keys are corrected by that";
        return List.of(
                Math.abs(skew) <= SECOND || !fieldsMayExpire()
                        ? Finding.yes(name, found)
                        : Finding.note(
                                name, found, "set the clocks: expiries of single hash fields cannot be corrected"));
    }

    private boolean fieldsMayExpire() throws IOException {
        return !(source.connection().probe("HPEXPIRETIME", "", "FIELDS", "1", "") instanceof ErrorReply error)
                || !error.text().startsWith("ERR unknown command");
    }
}
