package io.camelrump;

import io.camelrump.compare.ComparingStep;
import io.camelrump.cutover.Steering;
import io.camelrump.run.Run;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Reads one server and has its keys compared with another's, or looked up there, in no route: from start to stop. */
final class ComparingReader implements Service {
    private final RumpEndpoint from;
    private final Run books;
    private final @Nullable Steering leader;
    private final CompareProducer producer;
    private final CamelContext context;
    private @Nullable ScheduledExecutorService later;
    private @Nullable RumpConsumer consumer;

    /**
     * @param from endpoint that is read
     * @param to endpoint that compares, or looks up
     * @param leader steers the run that this is a part of; null where neither its pause nor its limits are to hold
     */
    ComparingReader(RumpEndpoint from, RumpEndpoint to, Run books, @Nullable Steering leader) {
        this.from = from;
        this.books = books;
        this.leader = leader;
        this.producer = new CompareProducer(to);
        this.context = from.getCamelContext();
    }

    @Override
    public void start() {
        HostedRun hosted = HostedRun.within(context, books, from.getName());
        if (leader != null) {
            hosted.steering().follow(leader);
        }
        ServiceHelper.startService(producer);
        ScheduledExecutorService started =
                context.getExecutorServiceManager().newScheduledThreadPool(this, "RumpComparisonRetry", 1);
        later = started;
        try {
            RumpConsumer reading =
                    from.configured(new RumpConsumer(from, new ComparingStep(producer, started), books, hosted));
            reading.setRouteId(books.migration());
            consumer = reading;
            ServiceHelper.startService(reading);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        books.stopReading();
        ServiceHelper.stopAndShutdownServices(consumer, producer);
        if (later != null) {
            context.getExecutorServiceManager().shutdownNow(later);
        }
    }
}
