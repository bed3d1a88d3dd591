package io.camelrump.ui;

import io.camelrump.Batch;
import io.camelrump.DumpedKey;
import io.camelrump.Page;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * Counts what comes to each step of the routes: messages, their keys, and those that failed there. For each of the
 * contexts that have it as their strategy.
 */
final class StepCounts implements InterceptStrategy {
    /** One that is gone, as that of a cutover which did not converge, is not held here. */
    private final Map<CamelContext, Map<String, Count>> counts = Collections.synchronizedMap(new WeakHashMap<>());

    private record Count(LongAdder messages, LongAdder keys, LongAdder failed) {
        Count() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        Map<String, Count> ofContext = counts.computeIfAbsent(context, one -> new ConcurrentHashMap<>());
        return new CountedStep(target, ofContext.computeIfAbsent(step.getId(), id -> new Count()));
    }

    /** By the id of a step of the context: the three numbers. */
    JsonObject json(CamelContext context) {
        JsonObject json = new JsonObject();
        counts.getOrDefault(context, Map.of()).forEach((id, count) -> {
            JsonArray numbers = new JsonArray();
            numbers.add(count.messages().sum());
            numbers.add(count.keys().sum());
            numbers.add(count.failed().sum());
            json.put(id, numbers);
        });
        return json;
    }

    private static final class CountedStep extends DelegateAsyncProcessor {
        private final Count count;

        CountedStep(Processor step, Count count) {
            super(step);
            this.count = count;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            // a step that is tried again was counted when its message came
            if (exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER) == null) {
                count.messages().increment();
                count.keys().add(keys(exchange.getMessage().getBody()));
            }
            return super.process(exchange, doneSync -> {
                if (exchange.isFailed()) {
                    count.failed().increment();
                }
                callback.done(doneSync);
            });
        }

        private static int keys(Object body) {
            if (body instanceof Page page) {
                return page.size();
            }
            if (body instanceof Batch batch) {
                return batch.size();
            }
            return body instanceof DumpedKey ? 1 : 0;
        }
    }
}
