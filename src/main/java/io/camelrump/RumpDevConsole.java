package io.camelrump;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Runs of the context in Camel's developer console, as text or JSON: state, counts, rate, differences, in flight, lag
 * and end.
 */
@DevConsole(name = "rump", displayName = "Rump", description = "Runs of the Rump component")
public final class RumpDevConsole extends AbstractDevConsole {
    /** As Camel makes it, by its name {@code rump}. */
    public RumpDevConsole() {
        super("camel", "rump", "Rump", "Runs of the Rump component");
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        for (ManagedRun run : runs()) {
            appendKeys(run, text);
            appendRest(run, text);
        }
        return text.toString();
    }

    private static void appendKeys(ManagedRun run, StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "%nRun %s (route %s): %s after %.1f s, %.0f keys/s, %.0f %% scanned%n",
                run.getMigration(),
                run.getRouteId() == null ? "stopped" : run.getRouteId(),
                run.getState(),
                run.getSeconds(),
                run.getKeysPerSecond(),
                run.getProgress() * 100));
        text.append(String.format(
                Locale.ROOT,
                "    Keys: read %,d, restored %,d, kept %,d, vanished %,d, filtered %,d, deleted %,d,"
                        + " handed on %,d, refused %,d%n",
                run.getRead(),
                run.getRestored(),
                run.getKept(),
                run.getVanished(),
                run.getFiltered(),
                run.getDeleted(),
                run.getHandedOn(),
                run.getRefused()));
    }

    private static void appendRest(ManagedRun run, StringBuilder text) {
        text.append(String.format(
                Locale.ROOT,
                "    In flight: %,d keys, %d pages, %,d bytes%n",
                run.getInFlight(),
                run.getPagesInFlight(),
                run.getBytesInFlight()));
        if (run.isLive()) {
            text.append(String.format(
                    Locale.ROOT, "    Live: %,d waiting, lag %d ms%n", run.getWaiting(), run.getLagMillis()));
        }
        if (run.getDiffering() > 0) {
            text.append(run.differing().entrySet().stream()
                    .map(found -> String.format(Locale.ROOT, "%s %,d", found.getKey(), found.getValue()))
                    .collect(Collectors.joining(", ", "    Differing: ", System.lineSeparator())));
        }
        if (run.getCause() != null) {
            text.append("    Cause: ").append(run.getCause()).append(System.lineSeparator());
        }
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        JsonArray runs = new JsonArray();
        runs().stream().map(RumpDevConsole::json).forEach(runs::add);
        JsonObject all = new JsonObject();
        all.put("runs", runs);
        return all;
    }

    private static JsonObject json(ManagedRun run) {
        JsonObject json = new JsonObject();
        json.put("migration", run.getMigration());
        json.put("routeId", run.getRouteId());
        json.put("state", run.getState());
        json.put("cause", run.getCause());
        json.put("seconds", run.getSeconds());
        json.put("keysPerSecond", run.getKeysPerSecond());
        json.put("progress", run.getProgress());
        json.put("sourceKeys", run.getSourceKeys());
        json.put("read", run.getRead());
        json.put("restored", run.getRestored());
        json.put("kept", run.getKept());
        json.put("vanished", run.getVanished());
        json.put("filtered", run.getFiltered());
        json.put("deleted", run.getDeleted());
        json.put("handedOn", run.getHandedOn());
        json.put("refused", run.getRefused());
        json.put("differing", new JsonObject(run.differing()));
        json.put("inFlight", run.getInFlight());
        json.put("pagesInFlight", run.getPagesInFlight());
        json.put("bytesInFlight", run.getBytesInFlight());
        json.put("waiting", run.getWaiting());
        json.put("lagMillis", run.getLagMillis());
        return json;
    }

    private List<ManagedRun> runs() {
        return getCamelContext().getRegistry().findByType(HostedRun.class).stream()
                .map(HostedRun::managed)
                .sorted(Comparator.comparing(ManagedRun::getMigration))
                .toList();
    }
}
