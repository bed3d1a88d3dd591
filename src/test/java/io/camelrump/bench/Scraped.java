package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A copy whose metrics are read every five seconds, which is more often than Prometheus usually does. */
record Scraped(Build build) implements Way {
    private static final int SECONDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        int port = RedisServer.freePort();
        try (Reader reader = new Reader(port)) {
            Measurement measured =
                    Rump.copy(build, "--metrics-port", String.valueOf(port)).measure(bed);
            reader.requireRead();
            return measured;
        }
    }

    @Override
    public boolean leavesEqual() {
        return true;
    }

    /** Whoever reads the metrics. */
    private static final class Reader implements AutoCloseable {
        private final HttpClient http = HttpClient.newHttpClient();
        private final HttpRequest request;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final AtomicInteger read = new AtomicInteger();
        private final Thread thread = new Thread(this::readOn, "scraper");

        Reader(int port) {
            request = HttpRequest.newBuilder(URI.create("http://" + RedisServer.HOST + ":" + port + "/observe/metrics"))
                    .timeout(PATIENCE)
                    .build();
            thread.start();
        }

        private void readOn() {
            try {
                while (!closed.await(SECONDS, TimeUnit.SECONDS)) {
                    try {
                        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                        if (answer.body().contains("camel_rump_keys_total")) {
                            read.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // it has not begun, or has ended
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void requireRead() {
            if (read.get() == 0) {
                throw new IllegalStateException("the metrics were never read");
            }
        }

        @Override
        public void close() throws InterruptedException {
            closed.countDown();
            thread.join();
        }
    }
}
