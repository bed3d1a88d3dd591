package io.camelrump;

import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Migrate a live Redis to another with SCAN, DUMP and RESTORE.
 *
 * <p>As a consumer it reads a Redis page by page; as a producer it restores pages in pipelines.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "rump",
        title = "Rump",
        syntax = "rump:name",
        category = {Category.DATABASE, Category.CACHE},
        headersClass = RumpConstants.class)
public class RumpEndpoint extends ScheduledPollEndpoint {
    private static final int MOST_PORTS = 65_535;

    @UriPath(description = "Name of the server in messages and meters, such as source or target.")
    @Metadata(required = true)
    private String name;

    @UriParam(description = "Host name or address of the server.")
    @Metadata(required = true)
    private @Nullable String host;

    @UriParam(defaultValue = "6379", description = "Port of the server.")
    private int port = 6379;

    @UriParam(label = "security", description = "ACL user to log in as; the default user if not set.")
    private @Nullable String username;

    @UriParam(label = "security", secret = true, description = "Password to log in with.")
    private @Nullable String password;

    @UriParam(defaultValue = "0", description = "Number of the database, from 0.")
    private int database;

    @UriParam(
            label = "advanced",
            defaultValue = "5s",
            javaType = "java.time.Duration",
            description = "How long to wait for a connection and for its log-in.")
    private Duration connectTimeout = Duration.ofSeconds(5);

    @UriParam(
            label = "advanced",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "How long to wait for a reply while one is due.")
    private Duration replyTimeout = Duration.ofSeconds(60);

    @UriParam(
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "How long to try again while the server is away, loading, out of memory or read-only.")
    private Duration retryFor = Duration.ofSeconds(60);

    @UriParam(
            defaultValue = "rump",
            description =
                    "Name of the run, for several in one context: names its ledger in the registry and its meters.")
    private String migration = "rump";

    @UriParam(
            label = "consumer",
            defaultValue = "*",
            description = "Reads only keys that match this glob, as SCAN's MATCH.")
    private String match = "*";

    @UriParam(
            label = "consumer",
            defaultValue = "all",
            enums = "all,string,list,set,zset,hash,stream",
            description = "Reads only keys of this type, as SCAN's TYPE (Redis 6.0).")
    private String type = "all";

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description =
                    "Keys that one SCAN asks for, as SCAN's COUNT. On a connection with a long round trip a larger"
                            + " count is faster.")
    private int scanCount = 1000;

    @UriParam(label = "consumer", defaultValue = "once", description = "What to do when the scan has reached its end.")
    private ScanMode scan = ScanMode.ONCE;

    @UriParam(
            label = "consumer",
            defaultValue = "16",
            description = "Pages that may be on their way; the source is not read while there are so many.")
    private int queuePages = 16;

    @UriParam(
            label = "consumer",
            defaultValue = "16mb",
            description =
                    "Bytes of keys and payloads that may be on their way; the source is not read while there are so many.")
    private String queueBytes = "16mb";

    @UriParam(
            label = "consumer",
            defaultValue = "8mb",
            description = "Payloads that the source may be asked for at once; at most 8mb, and at most a quarter of the"
                    + " memory that an evicting source has left.")
    private String windowBytes = "8mb";

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Number of rump: producers that each page goes to; a key is done when all of them have answered.")
    private int targets = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "90s",
            javaType = "java.time.Duration",
            description = "When no target answers for so long while pages are out, the run ends incomplete. Longer than"
                    + " replyTimeout, so that a silent target is found to be that.")
    private Duration stallTimeout = Duration.ofSeconds(90);

    @UriParam(label = "producer", defaultValue = "true", description = "Whether keys keep their expiry.")
    private boolean ttl = true;

    @UriParam(
            label = "producer",
            defaultValue = "replace",
            description = "What to do when the target has another value under a key's name. Where the target's database"
                    + " was empty at the start, all that is there is ours, and is replaced.")
    private ConflictPolicy onConflict = ConflictPolicy.REPLACE;

    @UriParam(label = "producer", defaultValue = "count", description = "What to do when the target refuses one key.")
    private RefusalPolicy onRefused = RefusalPolicy.COUNT;

    @UriParam(
            label = "producer",
            defaultValue = "0",
            description = "Replicas of the target that must have a batch before its keys count as restored, as WAIT.")
    private int waitReplicas;

    @UriParam(
            label = "producer",
            defaultValue = "0",
            description = "Keys to write in a second at the most; 0 is no limit.")
    private int maxKeysPerSecond;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Counts what would become of each key, and writes nothing to the target.")
    private boolean dryRun;

    private long queueByteCount;
    private long windowByteCount;
    private @Nullable Ledger ledger;

    RumpEndpoint(String uri, RumpComponent component, String name) {
        super(uri, component);
        this.name = name;
        setGreedy(true);
        setInitialDelay(0);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (host == null || host.isBlank()) {
            throw OptionText.wrong("host", host, "the name or address of the server");
        }
        inRange("port", port, 1, MOST_PORTS);
        inRange("database", database, 0, Integer.MAX_VALUE);
        inRange("scanCount", scanCount, 1, 1_000_000);
        inRange("queuePages", queuePages, 1, 10_000);
        inRange("targets", targets, 1, Byte.MAX_VALUE);
        inRange("waitReplicas", waitReplicas, 0, 1_000);
        inRange("maxKeysPerSecond", maxKeysPerSecond, 0, Integer.MAX_VALUE);
        positive("connectTimeout", connectTimeout);
        positive("replyTimeout", replyTimeout);
        positive("stallTimeout", stallTimeout);
        if (!type.matches("all|string|list|set|zset|hash|stream")) {
            throw OptionText.wrong("type", type, "one of all, string, list, set, zset, hash, stream");
        }
        queueByteCount = bytes("queueBytes", queueBytes, 64 * 1024, 1L << 40);
        windowByteCount = bytes("windowBytes", windowBytes, 64 * 1024, 8L << 20);
    }

    private static void inRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw OptionText.wrong(option, value, "from " + least + " to " + most);
        }
    }

    private static void positive(String option, Duration value) {
        if (value.isNegative() || value.isZero() || value.toMillis() > Integer.MAX_VALUE) {
            throw OptionText.wrong(option, value, "a time of more than 0, such as 60s");
        }
    }

    private static long bytes(String option, String text, long least, long most) {
        long bytes;
        try {
            bytes = ByteSize.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + "=" + text + ": " + e.getMessage(), e);
        }
        if (bytes < least || bytes > most) {
            throw OptionText.wrong(option, text, "from " + (least >> 10) + "kb to " + (most >> 20) + "mb");
        }
        return bytes;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ledger = new Ledger(migration, targets);
        getCamelContext().getRegistry().bind("rump-ledger-" + migration, ledger);
        RumpConsumer consumer = new RumpConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new RumpProducer(this);
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    Ledger ledger() {
        if (ledger == null) {
            throw new IllegalStateException("only a consumer has a ledger");
        }
        return ledger;
    }

    SourceReader sourceReader(Ledger books) {
        long pageBytes = Math.max(64 * 1024, queueByteCount / queuePages);
        ScanOptions options = new ScanOptions(
                database,
                scanCount,
                match.equals("*") ? null : match,
                type.equals("all") ? null : type,
                pageBytes,
                windowByteCount);
        return new SourceReader(address(), options, retryFor, books);
    }

    /** The reader must be able to fill a batch before it waits for the batch's receipts. */
    void checkBatches() {
        for (JoinPages join : getCamelContext().getRegistry().findByType(JoinPages.class)) {
            if (join.batchByteCount() > queueByteCount) {
                throw OptionText.wrong(
                        "queueBytes",
                        queueBytes,
                        "at least the batchBytes of JoinPages, which are " + join.batchByteCount());
            }
        }
    }

    ServerAddress address() {
        return new ServerAddress(
                String.valueOf(host), port, username, password, database, connectTimeout, replyTimeout);
    }

    long queueByteCount() {
        return queueByteCount;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public @Nullable String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public int getDatabase() {
        return database;
    }

    public void setDatabase(int database) {
        this.database = database;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public Duration getReplyTimeout() {
        return replyTimeout;
    }

    public void setReplyTimeout(Duration replyTimeout) {
        this.replyTimeout = replyTimeout;
    }

    public Duration getRetryFor() {
        return retryFor;
    }

    public void setRetryFor(Duration retryFor) {
        this.retryFor = retryFor;
    }

    public String getMigration() {
        return migration;
    }

    public void setMigration(String migration) {
        this.migration = migration;
    }

    public String getMatch() {
        return match;
    }

    public void setMatch(String match) {
        this.match = match;
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public int getScanCount() {
        return scanCount;
    }

    public void setScanCount(int scanCount) {
        this.scanCount = scanCount;
    }

    public ScanMode getScan() {
        return scan;
    }

    public void setScan(ScanMode scan) {
        this.scan = scan;
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

    public String getWindowBytes() {
        return windowBytes;
    }

    public void setWindowBytes(String windowBytes) {
        this.windowBytes = windowBytes;
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

    public boolean isTtl() {
        return ttl;
    }

    public void setTtl(boolean ttl) {
        this.ttl = ttl;
    }

    public ConflictPolicy getOnConflict() {
        return onConflict;
    }

    public void setOnConflict(ConflictPolicy onConflict) {
        this.onConflict = onConflict;
    }

    public RefusalPolicy getOnRefused() {
        return onRefused;
    }

    public void setOnRefused(RefusalPolicy onRefused) {
        this.onRefused = onRefused;
    }

    public int getWaitReplicas() {
        return waitReplicas;
    }

    public void setWaitReplicas(int waitReplicas) {
        this.waitReplicas = waitReplicas;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public int getMaxKeysPerSecond() {
        return maxKeysPerSecond;
    }

    public void setMaxKeysPerSecond(int maxKeysPerSecond) {
        this.maxKeysPerSecond = maxKeysPerSecond;
    }
}
