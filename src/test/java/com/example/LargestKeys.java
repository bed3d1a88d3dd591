package com.example;

import io.camelrump.DumpedKey;
import io.camelrump.Page;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** A processor as a user would write it: finds the keys whose payloads are large. */
public final class LargestKeys implements Processor {
    private static final int LARGE = 10_000;

    private final Map<String, Integer> large = new ConcurrentSkipListMap<>();

    @Override
    public void process(Exchange exchange) {
        for (DumpedKey key : exchange.getMessage().getBody(Page.class)) {
            if (key.isInParts()) {
                // a part of a value above the consumer's bigKey: there is no payload of it
                continue;
            }
            byte[] payload = key.payload();
            if (payload != null && payload.length > LARGE) {
                large.put(new String(key.key(), StandardCharsets.UTF_8), payload.length);
            }
        }
    }

    public Map<String, Integer> large() {
        return Map.copyOf(large);
    }
}
