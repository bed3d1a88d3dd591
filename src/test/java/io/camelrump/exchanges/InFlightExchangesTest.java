package io.camelrump.exchanges;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.run.PageData;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.AsyncCallback;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InFlightExchangesTest {
    private static final int MOST = 4;

    private record Batch(AsyncCallback callback, List<PageData> pages) implements InFlightExchanges.InFlight {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch done = new CountDownLatch(1);

    @Test
    void nothingHoldsTheLastBatchWhileTheNextOneIsWaitedFor() throws Exception {
        InFlightExchanges<Batch> inFlight = new InFlightExchanges<>(lock, changed, MOST, batch -> () -> {});
        ExecutorService threads = Executors.newFixedThreadPool(InFlightExchanges.THREADS);
        try {
            inFlight.run(threads);
            WeakReference<PageData> page = send(inFlight);

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

    @Test
    void aBatchIsReadAndItsRouteResumedByOneThread() throws Exception {
        List<Thread> used = new CopyOnWriteArrayList<>();
        InFlightExchanges<Batch> inFlight = new InFlightExchanges<>(lock, changed, MOST, batch -> {
            used.add(Thread.currentThread());
            return () -> {};
        });
        ExecutorService threads = Executors.newFixedThreadPool(InFlightExchanges.THREADS);
        inFlight.run(threads);
        locked(() -> inFlight.add(batch(sync -> {
            used.add(Thread.currentThread());
            done.countDown();
        })));

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(used).hasSize(2);
        assertThat(used.get(1)).as("no other thread is woken").isSameAs(used.get(0));
        end(inFlight, threads);
    }

    @Test
    void repliesAreReadWhileARouteWaitsAndRoutesAreResumedInOrder() throws Exception {
        CountDownLatch read = new CountDownLatch(3);
        CountDownLatch room = new CountDownLatch(1);
        List<Integer> resumed = new CopyOnWriteArrayList<>();
        InFlightExchanges<Batch> inFlight = new InFlightExchanges<>(lock, changed, MOST, batch -> read::countDown);
        ExecutorService threads = Executors.newFixedThreadPool(InFlightExchanges.THREADS);
        inFlight.run(threads);
        locked(() -> {
            inFlight.add(batch(sync -> {
                awaitUninterruptibly(room);
                resumed.add(1);
            }));
            inFlight.add(batch(sync -> resumed.add(2)));
            inFlight.add(batch(sync -> resumed.add(3)));
        });

        assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(resumed).isEmpty();
        room.countDown();
        end(inFlight, threads);
        assertThat(resumed).containsExactly(1, 2, 3);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Both threads end, also the one that has had nothing to do. */
    private void end(InFlightExchanges<Batch> inFlight, ExecutorService threads) throws InterruptedException {
        locked(inFlight::stop);
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static Batch batch(AsyncCallback callback) {
        return new Batch(callback, List.of());
    }

    private WeakReference<PageData> send(InFlightExchanges<Batch> inFlight) {
        PageData page = PageData.of(new byte[] {'k'}, new byte[] {1}, PageData.NO_EXPIRY);
        locked(() -> inFlight.add(new Batch(sync -> done.countDown(), List.of(page))));
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
