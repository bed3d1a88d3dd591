package io.camelrump.dataformat;

import io.camelrump.PageCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatName;
import org.apache.camel.spi.annotations.Dataformat;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Gives pages a form for the wire, so that any transport takes them, and another process, of a later version too, can
 * restore them.
 *
 * <p>{@code marshal} takes what a {@code rump:} producer takes, and writes the message that reports the end of a run as
 * an end marker. {@code unmarshal} gives a {@link io.camelrump.Page}, or a {@link io.camelrump.Batch} where the bytes
 * hold several; with {@link #setLazyLoad lazyLoad} an iterator over pages, for a split that streams. Any number of
 * marshalled messages, one after the other, are read as one.
 */
@Dataformat("rump")
public final class RumpDataFormat extends ServiceSupport implements DataFormat, DataFormatName {
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

    /**
     * Writes the pages of a body.
     *
     * @throws org.apache.camel.InvalidPayloadException if it holds anything else
     * @throws IllegalStateException if a page is larger than the form allows
     */
    @Override
    public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
        PageCodec.write(exchange, graph, stream);
    }

    /**
     * Reads pages.
     *
     * @throws io.camelrump.WireFormatException if the bytes are damaged, cut off, or of a later version
     */
    @Override
    public Object unmarshal(Exchange exchange, InputStream stream) throws IOException {
        return lazyLoad ? PageCodec.iterate(stream) : PageCodec.read(exchange, stream);
    }
}
