package io.camelrump.ui;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.util.json.JsonObject;

/** Answers with a stream that says each second how a run stands: a line of JSON each, for a page that shows it. */
public final class RunStream implements CamelContextAware {
    static final String TYPE = "application/x-ndjson";

    /** A thread of the HTTP server waits for the next line of each: the others are left to requests that steer. */
    private static final int MOST = 8;

    private static final int TOO_MANY = 503;
    private static final String COUNTS = "rump-step-counts";

    private final StepCounts steps = new StepCounts();
    private final Semaphore places = new Semaphore(MOST);
    private List<String> runs = List.of();
    private CamelContext context;

    /**
     * Endpoints that answer with the status of a run, separated by commas; one whose run is not there is passed over.
     */
    public void setRuns(String runs) {
        this.runs = List.of(runs.split("\\s*,\\s*"));
    }

    /** Takes the context, whose routes are counted if they are made from now on. */
    @Override
    public void setCamelContext(CamelContext context) {
        if (this.context == null) {
            this.context = context;
            context.getCamelContextExtension().addInterceptStrategy(steps);
            // for a context that goes on with the work of this one
            context.getRegistry().bind(COUNTS, InterceptStrategy.class, steps);
        }
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Answers with what the run has done until now, for a page that was not there. */
    public void answerSeries(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(new RunView(context, runs, steps).series());
    }

    /**
     * Answers with the stream. Where the HTTP server is another one than Camel Main's, it is one line long, and the
     * page asks again for the next.
     */
    public void answer(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        RunView view = new RunView(context, runs, steps);
        if (!message.getClass().getName().equals(VertxAnswer.MESSAGE)) {
            message.setHeader(Exchange.CONTENT_TYPE, TYPE);
            message.setBody(view.line());
            return;
        }
        if (!places.tryAcquire()) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, TOO_MANY);
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            message.setBody(new JsonObject(Map.of("error", MOST + " pages show this run: close one")).toJson());
            return;
        }
        try {
            new VertxAnswer(message, view).send();
        } finally {
            places.release();
        }
    }
}
