package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import io.camelrump.wire.WireReader;
import io.camelrump.wire.WireWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Gives pages a form for the wire, so that any transport takes them, and another process, of a later version too, can
 * restore them.
 *
 * <p>{@code marshal} takes what a {@code rump:} producer takes, and writes the message that reports the end of a run as
 * an end marker. {@code unmarshal} gives a {@link Page}, or a {@link Batch} where the bytes hold several; with
 * {@link #setLazyLoad lazyLoad} an iterator over pages, for a split that streams. Any number of marshalled messages,
 * one after the other, are read as one.
 */
@Dataformat("rump")
public final class RumpDataFormat extends ServiceSupport implements DataFormat, DataFormatName {
    private static final String MARSHALLED = "CamelRumpMarshalled";

    private boolean lazyLoad;

    @Override
    public String getDataFormatName() {
        return "rump";
    }

    /**
     * Whether {@code unmarshal} gives an iterator, which reads one page at a time: all pages before a place that is
     * damaged come out of it, and it needs the memory of one page. Otherwise all pages are read at once, or none; false
     * if not set.
     */
    public void setLazyLoad(boolean lazyLoad) {
        this.lazyLoad = lazyLoad;
    }

    /** Whether {@code unmarshal} gives an iterator. */
    public boolean isLazyLoad() {
        return lazyLoad;
    }

    /** Whether the exchange has been through {@code marshal}. */
    static boolean hasMarshalled(Exchange exchange) {
        return exchange.getProperty(MARSHALLED, false, boolean.class);
    }

    /**
     * Writes the pages of a body.
     *
     * @throws org.apache.camel.InvalidPayloadException if it holds anything else
     * @throws IllegalStateException if a page is larger than the form allows
     */
    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
        WireWriter writer = new WireWriter(stream, writer());
        for (PageData page : Bodies.pages(exchange, graph)) {
            if (page.origin().last()) {
                writer.end(page, end(exchange.getMessage()));
            } else {
                writer.page(page);
            }
        }
        writer.begin();
        exchange.setProperty(MARSHALLED, true);
    }

    /** Name and version of this program, for headers. */
    static String writer() {
        String version = RumpDataFormat.class.getPackage().getImplementationVersion();
        return version == null ? "camel-rump" : "camel-rump " + version;
    }

    /** How a run ended, as the headers of its last message have it. */
    private static WireEnd end(Message last) {
        Counts counts = last.getHeader(RumpConstants.COUNTS, Counts.class);
        return new WireEnd(
                last.getHeader(RumpConstants.STATE, RunState.class),
                last.getHeader(RumpConstants.CAUSE, String.class),
                counts == null ? Counts.NONE : counts);
    }

    /**
     * Reads pages.
     *
     * @throws WireFormatException if the bytes are damaged, cut off, or of a later version
     */
    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws Exception {
        WireReader reader = new WireReader(stream);
        if (lazyLoad) {
            return new WirePages(reader);
        }
        List<Page> pages = pages(reader);
        describeEnd(reader.end(), exchange.getMessage());
        return pages.size() == 1 ? pages.get(0) : new Batch(pages);
    }

    /** All pages at once. */
    static List<Page> pages(WireReader reader) throws IOException {
        List<Page> pages = new ArrayList<>();
        long room = Runtime.getRuntime().maxMemory() / 2;
        for (PageData page = reader.next(); page != null; page = reader.next()) {
            room -= page.bytes();
            if (room < 0) {
                throw new IllegalStateException("The body holds pages of more than half of this heap: set lazyLoad=true"
                        + " on the data format rump and split the body, streaming, to have one at a time.");
            }
            pages.add(new Page(page));
        }
        return pages;
    }

    /** Sets the headers that the last message of the run had where it was marshalled. */
    private static void describeEnd(@Nullable WireEnd end, Message message) {
        if (end != null && end.state() != null) {
            message.setHeader(RumpConstants.COMPLETE, end.state() == RunState.COMPLETE);
            message.setHeader(RumpConstants.STATE, end.state());
            message.setHeader(RumpConstants.COUNTS, end.counts());
            if (end.cause() != null) {
                message.setHeader(RumpConstants.CAUSE, end.cause());
            }
        }
    }
}
