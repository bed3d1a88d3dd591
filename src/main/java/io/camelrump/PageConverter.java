package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.wire.WireReader;
import io.camelrump.wire.WireWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Converter;

/**
 * Converts between pages and their form for the wire where a step asks for bytes or for pages, as {@code convertBodyTo}
 * does. {@link io.camelrump.dataformat.RumpDataFormat} does so by name, knows end markers, and reads one page at a
 * time.
 */
@Converter(generateLoader = true)
public final class PageConverter {
    private PageConverter() {}

    /**
     * A page as bytes, which are the only copy of what it holds.
     *
     * @throws IllegalStateException if it is larger than the form allows, or reports the end of a run, whose headers
     *     marshal alone sees
     */
    @Converter
    public static byte[] toBytes(Page page) throws IOException {
        PageData data = page.data();
        if (data.origin().last()) {
            throw new IllegalStateException("The page that reports the end of a run has its counts in headers:"
                    + " marshal it with the data format rump.");
        }
        return WireWriter.bytes(data, PageCodec.writer());
    }

    /** A page as a stream of bytes, as {@link #toBytes} gives them. */
    @Converter
    public static InputStream toStream(Page page) throws IOException {
        return new ByteArrayInputStream(toBytes(page));
    }

    /**
     * The pages in these bytes.
     *
     * @throws WireFormatException if they are damaged, cut off, or of a later version
     */
    @Converter
    public static Batch toBatch(byte[] bytes) throws IOException {
        return toBatch(new ByteArrayInputStream(bytes));
    }

    /**
     * The pages in a stream of bytes.
     *
     * @throws WireFormatException if they are damaged, cut off, or of a later version
     */
    @Converter
    public static Batch toBatch(InputStream stream) throws IOException {
        return new Batch(PageCodec.pages(new WireReader(stream)));
    }
}
