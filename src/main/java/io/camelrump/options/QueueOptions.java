package io.camelrump.options;

import io.camelrump.UsageException;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** How much may be in flight between a consumer and its producers, and how long they may be silent. */
@UriParams
public class QueueOptions {
    private static final long LEAST_BYTES = 64_000;
    private static final long LEAST_PAGE_BYTES = 64 * 1024;

    @UriParam(
            label = "consumer,speed",
            defaultValue = "16",
            description = "Limit on the pages in flight, from 1 to 10000. The source is not read while it is reached.")
    private int queuePages = 16;

    @UriParam(
            label = "consumer,speed",
            defaultValue = "16mb",
            description = "Limit on the bytes of keys and payloads in flight, from 64kb. The source is not read while "
                    + "it is reached.")
    private String queueBytes = "16mb";

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description = "Number of rump: producers that each page goes to, from 1 to 127. A key is done when all of "
                    + "them have answered.")
    private int targets = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "90s",
            javaType = "java.time.Duration",
            description = "Time without an answer from any target after which a run with pages in flight ends "
                    + "incomplete. Must be longer than replyTimeout, so that a silent target is recognised as such.")
    private Duration stallTimeout = Duration.ofSeconds(90);

    /** @throws UsageException if a value is out of range */
    public void check() {
        Limits.range("queuePages", queuePages, 1, 10_000);
        Limits.range("targets", targets, 1, Byte.MAX_VALUE);
        Limits.positive("stallTimeout", stallTimeout);
        bytes();
    }

    /**
     * Requires room for a whole batch, as it is filled before its pages are answered for.
     *
     * @param batchBytes bytes of the largest batch of a route
     */
    public void checkBatch(long batchBytes) {
        if (batchBytes > bytes()) {
            throw OptionText.wrong(
                    "queueBytes", queueBytes, "at least the batchBytes of JoinPages, which are " + batchBytes);
        }
    }

    /** {@code queueBytes} as a number. */
    public long bytes() {
        return Limits.bytes("queueBytes", queueBytes, LEAST_BYTES, Limits.MOST_BYTES);
    }

    /** Bytes of payloads at which a page is closed. */
    public long pageBytes() {
        return Math.max(LEAST_PAGE_BYTES, bytes() / queuePages);
    }

    public int getQueuePages() {
        return queuePages;
    }

    public void setQueuePages(int queuePages) {
        this.queuePages = queuePages;
    }

    public String getQueueBytes() {
        return queueBytes;
    }

    public void setQueueBytes(String queueBytes) {
        this.queueBytes = queueBytes;
    }

    public int getTargets() {
        return targets;
    }

    public void setTargets(int targets) {
        this.targets = targets;
    }

    public Duration getStallTimeout() {
        return stallTimeout;
    }

    public void setStallTimeout(Duration stallTimeout) {
        this.stallTimeout = stallTimeout;
    }
}
