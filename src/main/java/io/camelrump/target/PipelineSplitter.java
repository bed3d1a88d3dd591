package io.camelrump.target;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Outcome;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Cuts pages into pipelines: as a rule all of a batch is one. Under a limit of keys per second a pipeline holds what a
 * fifth of a second allows, so that even a slow run answers steadily.
 */
final class PipelineSplitter {
    private static final int MOST_KEYS = 10_000;
    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final int TURNS_PER_SECOND = 5;

    private final int keysPerSecond;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition never = lock.newCondition();

    @GuardedBy("lock")
    private long nextTurn = System.nanoTime();

    PipelineSplitter(int keysPerSecond) {
        this.keysPerSecond = keysPerSecond;
    }

    /** Makes a slice of a page when its turn has come. */
    interface Maker {
        PageSlice slice(PageData page, int from, int to, @Nullable Outcome[] outcomes);
    }

    /** Pipelines in order; each slice is made when the pipeline before it has been written. */
    Iterable<List<PageSlice>> slices(List<PageData> pages, boolean oneByOne, Maker maker) {
        return () -> new Pipelines(pages, oneByOne ? 1 : mostKeys(), maker);
    }

    /** Whether these pages are written in one pipeline, and at once. */
    boolean isOnePipeline(List<PageData> pages) {
        int keys = 0;
        long bytes = 0;
        for (PageData page : pages) {
            keys += page.size();
            bytes += page.bytes();
        }
        return keysPerSecond == 0 && keys <= MOST_KEYS && bytes <= MOST_BYTES;
    }

    private int mostKeys() {
        return keysPerSecond == 0 ? MOST_KEYS : Math.max(1, Math.min(MOST_KEYS, keysPerSecond / TURNS_PER_SECOND));
    }

    /** Waits until these keys may be written. */
    void awaitTurn(List<PageSlice> slices) throws InterruptedException {
        if (keysPerSecond == 0) {
            return;
        }
        int keys = slices.stream().mapToInt(slice -> slice.to() - slice.from()).sum();
        lock.lockInterruptibly();
        try {
            long left = nextTurn - System.nanoTime();
            while (left > 0) {
                left = never.awaitNanos(left);
            }
            nextTurn = System.nanoTime() + TimeUnit.SECONDS.toNanos(keys) / keysPerSecond;
        } finally {
            lock.unlock();
        }
    }

    private static final class Pipelines implements java.util.Iterator<List<PageSlice>> {
        private final List<PageData> pages;
        private final int mostKeys;
        private final Maker maker;
        private int page;
        private int key;
        private @Nullable Outcome[] outcomes = new Outcome[0];

        Pipelines(List<PageData> pages, int mostKeys, Maker maker) {
            this.pages = pages;
            this.mostKeys = mostKeys;
            this.maker = maker;
        }

        @Override
        public boolean hasNext() {
            return page < pages.size();
        }

        @Override
        public List<PageSlice> next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            List<PageSlice> slices = new ArrayList<>();
            int keys = 0;
            long bytes = 0;
            while (hasNext() && keys < mostKeys && bytes < MOST_BYTES) {
                PageData current = pages.get(page);
                if (key == 0) {
                    outcomes = new Outcome[current.size()];
                }
                int from = key;
                boolean whole = from == 0 && keys + current.size() <= mostKeys && bytes + current.bytes() <= MOST_BYTES;
                if (whole) {
                    key = current.size();
                    keys += key;
                    bytes += current.bytes();
                }
                while (key < current.size() && keys < mostKeys && bytes < MOST_BYTES) {
                    bytes += current.keys().length(key) + (long) Math.max(0, current.payloadLength(key));
                    key++;
                    keys++;
                }
                slices.add(maker.slice(current, from, key, outcomes));
                if (key == current.size()) {
                    page++;
                    key = 0;
                }
            }
            return slices;
        }
    }

    /** Pages in order, those of payloads apart from those that are written by commands. */
    static List<List<PageData>> groups(List<PageData> pages) {
        List<List<PageData>> groups = new ArrayList<>();
        boolean payloads = false;
        for (PageData page : pages) {
            boolean ofPayloads = page.form() == PageForm.PAYLOADS;
            // what the target is asked about first comes when all before it is written
            if (groups.isEmpty() || payloads != ofPayloads || page.origin().isOnlyIfThere()) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(page);
            payloads = ofPayloads;
        }
        return groups;
    }
}
