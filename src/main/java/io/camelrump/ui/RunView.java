package io.camelrump.ui;

import io.camelrump.ControlRefusedException;
import io.camelrump.Ledger;
import io.camelrump.RunSeries;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/** The runs of a context and its routes, as one page sees them. Belongs to the thread that serves the page. */
final class RunView {
    private static final List<String> OPEN = List.of("running", "stopping");

    /** By this name a host binds the context that goes on with the work of this one. */
    private static final String NEXT = "rump-next-context";

    private final CamelContext context;
    private final List<String> statuses;
    private final StepCounts steps;
    private @Nullable JsonArray routes;
    private boolean over;

    /** @param statuses endpoints that answer with the status of a run */
    RunView(CamelContext context, List<String> statuses, StepCounts steps) {
        this.context = context;
        this.statuses = statuses;
        this.steps = steps;
    }

    /** How they stand now; the routes are there the first time, and when they have changed. */
    String line() throws Exception {
        JsonArray runs = new JsonArray();
        over = true;
        for (String uri : statuses) {
            JsonObject status = status(uri);
            if (status != null) {
                runs.add(status);
                over = over && isOver(status);
            }
        }
        CamelContext running = running();
        JsonArray now = RouteOutline.of(running);
        JsonObject line = new JsonObject();
        line.put("time", System.currentTimeMillis() / 1e3);
        line.put("runs", runs);
        line.put("steps", steps.json(running));
        line.put("routes", now.equals(routes) ? null : now);
        routes = now;
        return line.toJson() + "\n";
    }

    /** The context that has the routes: a way back has one of its own. */
    private CamelContext running() {
        CamelContext next = context.getRegistry().lookupByNameAndType(NEXT, CamelContext.class);
        return next == null ? context : next;
    }

    /** The course of a live run ends last, with the result of its cutover. */
    private boolean isOver(JsonObject status) {
        Ledger ledger = ledger(status.getString("migration"));
        return !OPEN.contains(status.getString("state")) && (ledger == null || ledger.isOver());
    }

    /** Rates of the first of them over time, as JSON. */
    String series() throws Exception {
        for (String uri : statuses) {
            JsonObject status = status(uri);
            Ledger ledger = status == null ? null : ledger(status.getString("migration"));
            if (ledger != null) {
                return new JsonObject(ledger.series().columns()).toJson();
            }
        }
        return new JsonObject(RunSeries.NONE.columns()).toJson();
    }

    private @Nullable Ledger ledger(String migration) {
        return running().getRegistry().lookupByNameAndType("rump-ledger-" + migration, Ledger.class);
    }

    /** Null where there is no such run. Asked without a template, which takes nothing while the context stops. */
    private @Nullable JsonObject status(String uri) throws Exception {
        Endpoint endpoint = context.getEndpoint(uri);
        Exchange asked = endpoint.createExchange();
        try {
            endpoint.createProducer().process(asked);
        } catch (ControlRefusedException e) {
            return null;
        }
        return (JsonObject) Jsoner.deserialize(asked.getMessage().getBody(String.class));
    }

    /** Whether nothing more comes of any run that the last line was about. */
    boolean isOver() {
        return over;
    }

    /** Whether the application ends. */
    boolean isEnding() {
        return !context.isStarted();
    }

    /** State and phase of all runs: a page need not wait for a second to see that they have changed. */
    List<String> course() {
        List<String> course = new ArrayList<>();
        for (Ledger ledger : running().getRegistry().findByType(Ledger.class)) {
            course.add(ledger.migration() + " " + ledger.state() + " " + ledger.phase() + " " + ledger.isPaused() + " "
                    + ledger.isOver());
        }
        return course;
    }
}
