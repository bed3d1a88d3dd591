package io.camelrump.cutover;

import io.camelrump.BigKey;
import io.camelrump.CutoverResult;
import io.camelrump.LeftBehind;
import io.camelrump.PauseTimes;
import io.camelrump.Rehearsal;
import java.time.Duration;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Cutovers in documents for machines. */
public final class CutoverDocument {
    private CutoverDocument() {}

    /** How the cutover ended; null if there was none, or if it goes on. */
    public static @Nullable JsonObject result(@Nullable CutoverResult result) {
        if (result == null) {
            return null;
        }
        PauseTimes pause = result.pause();
        JsonObject json = new JsonObject();
        json.put(
                "convergedAsOf",
                result.convergedAsOf() == null ? null : result.convergedAsOf().toString());
        json.put("missing", result.missing());
        json.put("verifiedKeys", result.verified());
        json.put("comparedAtCutover", result.compared());
        json.put("pauseSeconds", pause == null ? null : seconds(pause.whole()));
        json.put(
                "pauseToConvergedSeconds",
                pause == null || pause.converged() == null ? null : seconds(pause.converged()));
        json.put("waitingClients", pause == null ? null : pause.waiting());
        json.put("closedClients", pause == null ? null : pause.closed());
        return json;
    }

    public static @Nullable JsonObject leftBehind(@Nullable LeftBehind left) {
        if (left == null) {
            return null;
        }
        JsonObject json = new JsonObject();
        json.put("subscribers", left.subscribers());
        json.put("blockedClients", left.blocked());
        json.put("missingScripts", left.scripts());
        json.put("clients", left.clients());
        return json;
    }

    public static @Nullable JsonObject rehearsal(@Nullable Rehearsal shown) {
        if (shown == null) {
            return null;
        }
        JsonObject json = new JsonObject();
        json.put("at", shown.at().toString());
        json.put("seconds", seconds(shown.duration()));
        json.put("keys", shown.keys());
        json.put("objection", shown.objection());
        json.put("text", shown.text());
        return json;
    }

    /** A key that is read once more while a cutover waits. */
    public static JsonObject bigKey(BigKey key) {
        JsonObject json = new JsonObject();
        json.put("key", key.key());
        json.put("bytes", key.bytes());
        json.put("seconds", seconds(key.reading()));
        return json;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
