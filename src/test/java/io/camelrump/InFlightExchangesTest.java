package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.run.PageData;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InFlightExchangesTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void nothingHoldsTheLastBatchWhileTheNextOneIsWaitedFor() throws Exception {
        InFlightExchanges<InFlightBatch> inFlight =
                new InFlightExchanges<>(lock, changed, InFlightBatch.MOST, batch -> () -> {});
        ExecutorService threads = Executors.newFixedThreadPool(InFlightExchanges.THREADS);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            inFlight.run(threads);
            WeakReference<PageData> page = send(inFlight, context);

            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> {
                System.gc();
                return page.refersTo(null);
            });
        } finally {
            locked(inFlight::stop);
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private WeakReference<PageData> send(InFlightExchanges<InFlightBatch> inFlight, DefaultCamelContext context) {
        PageData page = PageData.of(new byte[] {'k'}, new byte[] {1}, PageData.NO_EXPIRY);
        locked(() -> inFlight.add(new InFlightBatch(
                new DefaultExchange(context), sync -> done.countDown(), List.of(page), List.of(), null)));
        return new WeakReference<>(page);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
