package io.camelrump.cli;

import io.camelrump.PageConverter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.run.PageData;
import io.camelrump.wire.WireEnd;
import io.camelrump.wire.WireReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** A file that a run has written, in the form for the wire. */
record WrittenFile(byte[] bytes) {
    static WrittenFile of(Path file) throws IOException {
        return new WrittenFile(Files.readAllBytes(file));
    }

    /** What a program makes of a file, such as one that decompresses it. */
    static WrittenFile by(String program, String flags, Path file) throws IOException {
        Process process = new ProcessBuilder(program, flags, file.toString()).start();
        try (InputStream out = process.getInputStream()) {
            return new WrittenFile(out.readAllBytes());
        }
    }

    /** Restores its keys to a server. */
    void restore(RedisServer server) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.start();
            context.createProducerTemplate()
                    .sendBody(
                            "rump:restored?host=" + RedisServer.HOST + "&port=" + server.port(),
                            PageConverter.toBatch(bytes));
        }
    }

    /** Keys in its pages. */
    int keys() throws IOException {
        int keys = 0;
        try (WireReader reader = new WireReader(new ByteArrayInputStream(bytes))) {
            for (PageData page = reader.next(); page != null; page = reader.next()) {
                keys += page.size();
            }
        }
        return keys;
    }

    /** Its end marker. */
    WireEnd end() throws IOException {
        try (WireReader reader = new WireReader(new ByteArrayInputStream(bytes))) {
            PageData page = reader.next();
            while (page != null) {
                page = reader.next();
            }
            return reader.end();
        }
    }
}
