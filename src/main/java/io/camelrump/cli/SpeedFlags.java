package io.camelrump.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that bound speed and memory. */
final class SpeedFlags {
    /** As the endpoint has it. */
    private static final long QUEUE_BYTES = 16_000_000;
    /** As JoinPages has it. */
    private static final long BATCH_BYTES = 256_000;

    @Option(
            names = "--scan-count",
            paramLabel = "N",
            converter = ScanCountConverter.class,
            description = "Ask for N keys with each SCAN. auto: 1000, and up to 5000 over a distance, as far as a SCAN"
                    + " takes the server less than 2 ms. Default: auto.")
    @Nullable
    String scanCount;

    @Option(
            names = "--batch-keys",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Write at most N keys in one batch. Default: 1000.")
    @Nullable
    Integer batchKeys;

    @Option(
            names = "--batch-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Close a batch when it holds SIZE. Default: 256kb.")
    @Nullable
    Size batchBytes;

    @Option(
            names = "--queue-pages",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Keep at most N pages of keys in flight. Default: 16.")
    @Nullable
    Integer queuePages;

    @Option(
            names = "--queue-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Keep at most SIZE of keys and values in flight. Default: 16mb.")
    @Nullable
    Size queueBytes;

    @Option(
            names = "--window-bytes",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Request at most SIZE of replies from the source at a time, up to 8mb. Default: 8mb.")
    @Nullable
    Size windowBytes;

    @Option(
            names = "--big-key",
            paramLabel = "SIZE|off",
            description =
                    "Copy a key that takes more memory than SIZE (MEMORY USAGE) in parts instead of dumping it; off "
                            + "dumps every key. Default: 8mb.")
    @Nullable
    String bigKey;

    @Option(
            names = "--max-keys-per-second",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Read at most N keys per second. Default: no limit.")
    @Nullable
    Integer maxKeysPerSecond;

    @Option(
            names = "--max-bytes-per-second",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Read at most SIZE per second, 1kb or more. Default: no limit.")
    @Nullable
    Size maxBytesPerSecond;

    @Option(
            names = "--latency-guard",
            paramLabel = "on|off|TIME",
            description =
                    "Read in smaller steps while the source is slow to answer a PING; TIME, such as 5ms, sets what "
                            + "is slow. Default: on.")
    @Nullable
    String latencyGuard;

    /** An objection to these flags together; null if there is none. */
    @Nullable
    String objection() {
        long queue = queueBytes == null ? QUEUE_BYTES : queueBytes.bytes();
        long batch = batchBytes == null ? BATCH_BYTES : batchBytes.bytes();
        return queue < batch ? "--queue-bytes is smaller than --batch-bytes: a batch would never fill" : null;
    }

    void put(RouteProperties properties) {
        properties.source("scan-count", scanCount);
        properties.route("batch.keys", batchKeys);
        properties.route("batch.bytes", batchBytes);
        properties.source("queue-pages", queuePages);
        properties.route("queue.pages", queuePages);
        properties.source("queue-bytes", queueBytes);
        properties.source("window-bytes", windowBytes);
        properties.all("big-key", bigKey);
        properties.source("max-keys-per-second", maxKeysPerSecond);
        properties.source("max-bytes-per-second", maxBytesPerSecond);
        properties.source("latency-guard", latencyGuard);
    }
}
