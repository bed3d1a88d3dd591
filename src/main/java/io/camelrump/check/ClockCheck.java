package io.camelrump.check;

import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.List;

/** How far the two clocks are apart. */
final class ClockCheck {
    private static final long FIELDS_NOTICE_MILLIS = 1_000;

    private final Side source;
    private final Side target;

    ClockCheck(Side source, Side target) {
        this.source = source;
        this.target = target;
    }

    List<Finding> findings() throws IOException {
        String name = "clocks";
        if (ServerClock.serverMicros(source.connection().call("TIME")) < 0
                || ServerClock.serverMicros(target.connection().call("TIME")) < 0) {
            return List.of(
                    Finding.note(name, "not known: both are taken as right", "add the rule +time on both sides"));
        }
        ServerClock from = ServerClock.measure(source.connection());
        ServerClock to = ServerClock.measure(target.connection());
        long skew = Math.round((to.offsetMicros() - from.offsetMicros()) / 1000.0);
        String found = "the target's is " + Math.abs(skew) + " ms " + (skew < 0 ? "behind" : "ahead")
                + "; expiries of keys are corrected by that";
        return List.of(
                Math.abs(skew) <= FIELDS_NOTICE_MILLIS
                        ? Finding.yes(name, found)
                        : Finding.note(
                                name, found, "set the clocks: expiries of single hash fields can not be corrected"));
    }
}
