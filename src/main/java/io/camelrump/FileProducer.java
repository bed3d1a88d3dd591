package io.camelrump;

import io.camelrump.backup.FilePlan;
import io.camelrump.backup.FileTarget;
import io.camelrump.exchanges.Receipts;
import io.camelrump.files.FileAddress;
import io.camelrump.host.ProducerStart;
import io.camelrump.options.TargetOptions;
import io.camelrump.run.PageData;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Writes to a file: what a {@link RumpProducer} does with a server. */
final class FileProducer extends DefaultProducer implements RouteIdAware {
    private final FileTarget target;
    private final ProducerStart start;

    FileProducer(RumpEndpoint endpoint, FileAddress file) {
        super(endpoint);
        TargetOptions options = endpoint.getTargetOptions();
        FilePlan plan = new FilePlan(
                file,
                endpoint.getFileOptions().isOverwrite(),
                options.isDryRun(),
                options.getOnRefused() == RefusalPolicy.FAIL,
                options.isTtl(),
                options.getOnConflict() == ConflictPolicy.REPLACE,
                PageCodec.writer());
        this.target = new FileTarget(endpoint.title(), plan);
        this.start = new ProducerStart(((RumpComponent) endpoint.getComponent()).waitingProducers(), target::open);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        start.start();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        start.stop();
        target.close();
    }

    @Override
    public String getRouteId() {
        return start.routeId();
    }

    @Override
    public void setRouteId(@Nullable String routeId) {
        start.routeId(routeId);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<PageData> pages = Bodies.pages(exchange);
        openFor(pages);
        Receipts.attach(exchange, Receipts.of(pages));
        target.write(pages, PageCodec.end(exchange.getMessage()));
    }

    private void openFor(List<PageData> pages) throws Exception {
        try {
            start.openFor(pages);
        } catch (UsageException e) {
            TargetClosedException closed = new TargetClosedException(e.getMessage());
            Receipts.fail(pages, closed);
            throw closed;
        }
    }
}
