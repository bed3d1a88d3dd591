package io.camelrump.check;

import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ShownText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks for a value of each type of the source's modules: a few random keys may not meet one. */
final class ModuleValues {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** By the name of a module the types that it brings, as TYPE names them; those of others are met by chance. */
    private static final Map<String, List<String>> TYPES = Map.of(
            "vectorset", List.of("vectorset"),
            "rejson", List.of("ReJSON-RL"),
            "json", List.of("ReJSON-RL"),
            "timeseries", List.of("TSDB-TYPE"),
            "bf", List.of("MBbloom--", "MBbloomCF", "TopK-TYPE", "CMSk-TYPE", "TDIS-TYPE", "bloomfltr"));

    private final Side source;
    private final Intent intent;

    ModuleValues(Side source, Intent intent) {
        this.source = source;
        this.intent = intent;
    }

    /** A small payload of each such type that the run would read. */
    List<byte[]> payloads() throws IOException {
        List<String> types = intent.types().isEmpty() ? types() : List.of();
        List<byte[]> payloads = new ArrayList<>();
        for (String type : types) {
            byte[] payload = find(type, MOST_NANOS / types.size());
            if (payload != null) {
                payloads.add(payload);
            }
        }
        return payloads;
    }

    private List<String> types() throws IOException {
        return names(source).stream()
                .flatMap(name -> TYPES.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream())
                .distinct()
                .toList();
    }

    private byte @Nullable [] find(String type, long mostNanos) throws IOException {
        PayloadSample sample = new PayloadSample(source.connection(), intent).ofType(type);
        long started = System.nanoTime();
        do {
            for (ByteBuffer key : sample.small(sample.scan())) {
                byte[] payload = sample.read(key);
                if (payload != null && PayloadKind.isModule(payload)) {
                    return payload;
                }
            }
        } while (!sample.isScanned() && System.nanoTime() - started < mostNanos);
        return null;
    }

    /** The modules of a server; none where it does not report it. */
    static Set<String> names(Side side) throws IOException {
        Object reply = side.connection().probe("MODULE", "LIST");
        Set<String> names = new TreeSet<>();
        if (!(reply instanceof ErrorReply) && reply instanceof List<?> modules) {
            for (Object module : modules) {
                // names and values in turn
                if (module instanceof List<?> parts && parts.size() > 1 && parts.get(1) instanceof byte[] name) {
                    names.add(ShownText.of(name));
                }
            }
        }
        return names;
    }
}
