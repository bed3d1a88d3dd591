package io.camelrump.cli.flags;

import org.jspecify.annotations.Nullable;

/** The flags that bound speed and memory. */
public final class SpeedFlags extends FlagGroup {
    /** As the endpoint has it. */
    private static final long QUEUE_BYTES = 16_000_000;
    /** As JoinPages has it. */
    private static final long BATCH_BYTES = 256_000;

    final Flag<String> scanCount = checked(
            "--scan-count",
            "N|auto",
            new ScanCountConverter(),
            "Request N keys with each SCAN; auto requests 1000, and up to 5000 over a slow link while a SCAN takes the"
                    + " server less than 2 ms. Default: auto.");
    public final Flag<Integer> batchKeys = count("--batch-keys", "Write at most N keys in one batch. Default: 1000.");
    public final Flag<Size> batchBytes = size("--batch-bytes", "Close a batch when it holds SIZE. Default: 256kb.");
    final Flag<Integer> queuePages = count("--queue-pages", "Keep at most N pages of keys in flight. Default: 16.");
    final Flag<Size> queueBytes =
            size("--queue-bytes", "Keep at most SIZE of keys and values in flight. Default: 16mb.");
    final Flag<Size> windowBytes = size(
            "--window-bytes", "Request at most SIZE of replies from the source at a time, up to 8mb. Default: 8mb.");
    final Flag<String> bigKey = text(
            "--big-key",
            "SIZE|off",
            "Copy a key that takes more memory than SIZE (MEMORY USAGE) in parts instead of dumping it; off dumps "
                    + "every key. Default: 8mb.");
    final Flag<Integer> maxKeysPerSecond =
            count("--max-keys-per-second", "Read at most N keys per second. Default: no limit.");
    final Flag<Size> maxBytesPerSecond =
            size("--max-bytes-per-second", "Read at most SIZE per second, 1kb or more. Default: no limit.");
    final Flag<String> latencyGuard = text(
            "--latency-guard",
            "on|off|TIME",
            "Let other clients of the source wait for the copy for TIME at a time at most, such as 500us; on is "
                    + "500us. Default: on.");

    public SpeedFlags() {
        super("Speed and memory");
    }

    /** An objection to these flags together; null if there is none. */
    @Nullable
    public String objection() {
        long queue = queueBytes.isGiven() ? queueBytes.value().bytes() : QUEUE_BYTES;
        long batch = batchBytes.isGiven() ? batchBytes.value().bytes() : BATCH_BYTES;
        return queue < batch ? "--queue-bytes is smaller than --batch-bytes: a batch would never fill" : null;
    }

    public void put(RouteProperties properties) {
        properties.source("scan-count", scanCount.value());
        properties.route("batch.keys", batchKeys.value());
        properties.route("batch.bytes", batchBytes.value());
        properties.source("queue-pages", queuePages.value());
        properties.route("queue.pages", queuePages.value());
        properties.source("queue-bytes", queueBytes.value());
        properties.source("window-bytes", windowBytes.value());
        properties.all("big-key", bigKey.value());
        properties.source("max-keys-per-second", maxKeysPerSecond.value());
        properties.source("max-bytes-per-second", maxBytesPerSecond.value());
        properties.source("latency-guard", latencyGuard.value());
    }
}
