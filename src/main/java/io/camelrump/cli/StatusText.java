package io.camelrump.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The status of a run for a person, from its document for machines. */
record StatusText(JsonNode status) {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        head(text);
        keys(text);
        JsonNode live = status.path("live");
        if (live.isObject()) {
            live(text, live);
        }
        if (status.path("rehearsal").isObject()) {
            add(text, "%s%n", status.path("rehearsal").path("text").asText());
        }
        leftBehind(text, status.path("leftBehind"));
        latency(text, status.path("latency"));
        status.path("warnings").forEach(warning -> add(text, "warning: %s%n", warning.asText()));
        return text.toString();
    }

    private void head(StringBuilder text) {
        String phase = status.path("phase").asText();
        add(text, "%s", phase);
        if (phase.equals("ended")) {
            add(text, ", %s", status.path("state").asText());
        } else if (status.path("state").asText().equals("stopping")) {
            add(text, ", stopping");
        }
        if (status.path("paused").asBoolean()) {
            add(text, ", PAUSED");
        }
        add(
                text,
                ": %.0f s, %.0f %% scanned, %,d keys/s, %s/s",
                status.path("seconds").asDouble(),
                100 * status.path("progress").asDouble(),
                status.path("keysPerSecond").asLong(),
                Summary.bytes(status.path("bytesPerSecond").asLong()));
        if (!status.path("secondsLeft").isNull()) {
            add(text, ", about %,d s left", status.path("secondsLeft").asLong());
        }
        add(text, "%n");
        if (!status.path("cause").isNull()) {
            add(text, "cause: %s%n", status.path("cause").asText());
        }
    }

    private void keys(StringBuilder text) {
        JsonNode keys = status.path("keys");
        add(text, "read %,d", keys.path("read").asLong());
        if (!status.path("sourceKeys").isNull()) {
            add(text, " of about %,d", status.path("sourceKeys").asLong());
        }
        String between = ": ";
        for (String name : new String[] {"restored", "kept", "vanished", "filtered", "deleted", "refused"}) {
            add(text, "%s%s %,d", between, name, keys.path(name).asLong());
            between = ", ";
        }
        add(text, ", in flight %,d%n", keys.path("inFlight").asLong());
        JsonNode limits = status.path("limits");
        add(text, "limits: %s", limit(limits.path("maxKeysPerSecond"), "keys/s"));
        add(text, ", %s%n", limit(limits.path("maxBytesPerSecond"), "bytes/s"));
    }

    private static String limit(JsonNode limit, String unit) {
        return limit.isNull() ? "any " + unit : String.format(Locale.ROOT, "%,d %s", limit.asLong(), unit);
    }

    private void live(StringBuilder text, JsonNode live) {
        add(
                text,
                "%,d changes wait, lag %.1f s, gaps %,d",
                live.path("waiting").asLong(),
                live.path("lagSeconds").asDouble(),
                live.path("gaps").asLong());
        if (!status.path("verified").isNull()) {
            add(
                    text,
                    "; verified %,d keys, changed since %,d",
                    status.path("verified").asLong(),
                    live.path("unverified").asLong());
        }
        JsonNode cutover = status.path("canCutOver");
        add(text, "%ncutover: %s%n", cutover.path("now").asBoolean() ? "can begin now" : "not now, " + reason(cutover));
        JsonNode bigKeys = cutover.path("bigKeys");
        if (!bigKeys.isEmpty()) {
            add(
                    text,
                    "big keys that are read once more then, such as %s: about %.1f s%n",
                    bigKeys.path(0).path("key").asText(),
                    cutover.path("bigKeySeconds").asDouble());
        }
    }

    private static void leftBehind(StringBuilder text, JsonNode left) {
        if (left.isObject()) {
            add(
                    text,
                    "left at the source: subscribers %s, blocked clients %s, scripts that the target lacks %s%n",
                    count(left.path("subscribers")),
                    count(left.path("blockedClients")),
                    count(left.path("missingScripts")));
        }
    }

    private static String count(JsonNode count) {
        return count.isNull() ? "unknown" : String.format(Locale.ROOT, "%,d", count.asLong());
    }

    private static String reason(JsonNode cutover) {
        return "as " + cutover.path("reason").asText();
    }

    private static void latency(StringBuilder text, JsonNode latency) {
        String between = "latency: ";
        if (latency.path("sourceMillis").isNumber()) {
            add(
                    text,
                    "%ssource %.1f ms (worst %.1f ms)",
                    between,
                    latency.path("sourceMillis").asDouble(),
                    latency.path("sourceWorstMillis").asDouble());
            between = ", ";
        }
        if (latency.path("targetMillis").isNumber()) {
            add(
                    text,
                    "%starget %.1f ms per batch",
                    between,
                    latency.path("targetMillis").asDouble());
            between = ", ";
        }
        if (between.equals(", ")) {
            add(text, "%n");
        }
    }

    private static void add(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
