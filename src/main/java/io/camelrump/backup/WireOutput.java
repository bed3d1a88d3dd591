package io.camelrump.backup;

import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import io.camelrump.wire.WireWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the form for the wire, which holds all that a page does. */
final class WireOutput implements KeyOutput {
    private final WireWriter writer;

    /** @param program name and version of what writes it */
    WireOutput(OutputStream out, String program) {
        this.writer = new WireWriter(out, program);
    }

    @Override
    public Map<Integer, String> write(PageData page) throws IOException {
        writer.page(page);
        return Map.of();
    }

    @Override
    public void end(@Nullable PageData last, WireEnd end) throws IOException {
        writer.end(last == null ? PageData.end(0, null) : last, end);
    }
}
