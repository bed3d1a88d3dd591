package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import io.camelrump.wire.WireReader;
import io.camelrump.wire.WireWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Pages as bytes and back, for the data format {@code rump} and what converts types. */
public final class PageCodec {
    private static final String MARSHALLED = "CamelRumpMarshalled";

    private PageCodec() {}

    /**
     * Writes the pages of a body, and for the message that reports the end of a run an end marker.
     *
     * @param body what a {@code rump:} producer takes
     * @throws org.apache.camel.InvalidPayloadException if it is anything else
     * @throws IllegalStateException if a page is larger than the form allows
     */
    public static void write(Exchange exchange, Object body, OutputStream stream) throws Exception {
        WireWriter writer = new WireWriter(stream, writer());
        for (PageData page : Bodies.pages(exchange, body)) {
            if (page.origin().last()) {
                writer.end(page, end(exchange.getMessage()));
            } else {
                writer.page(page);
            }
        }
        writer.begin();
        written(exchange);
    }

    /** Says that the pages of the exchange have a form for the wire, or that those of its split will get one. */
    static void written(Exchange exchange) {
        exchange.setProperty(MARSHALLED, true);
    }

    /**
     * Reads all pages at once, and sets the headers that the last message of the run had where it was written.
     *
     * @return a {@link Page}, or a {@link Batch} of none or several
     * @throws WireFormatException if the bytes are damaged, cut off, or of a later version
     * @throws IllegalStateException if they take more than half of the heap
     */
    public static Object read(Exchange exchange, InputStream stream) throws IOException {
        WireReader reader = new WireReader(stream);
        List<Page> pages = pages(reader);
        describeEnd(reader.end(), exchange.getMessage());
        return pages.size() == 1 ? pages.get(0) : new Batch(pages);
    }

    /** Reads one page at a time; closing what this returns closes the stream. */
    public static Iterator<Page> iterate(InputStream stream) {
        return new WirePages(new WireReader(stream));
    }

    /** Whether the exchange's body has been written. */
    static boolean hasWritten(Exchange exchange) {
        return exchange.getProperty(MARSHALLED, false, boolean.class);
    }

    /** Name and version of this program, for headers. */
    static String writer() {
        String version = PageCodec.class.getPackage().getImplementationVersion();
        return version == null ? "camel-rump" : "camel-rump " + version;
    }

    /** How a run ended, as the headers of its last message have it. */
    static WireEnd end(Message last) {
        Counts counts = last.getHeader(RumpConstants.COUNTS, Counts.class);
        return new WireEnd(
                last.getHeader(RumpConstants.STATE, RunState.class),
                last.getHeader(RumpConstants.CAUSE, String.class),
                counts == null ? Counts.NONE : counts);
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
