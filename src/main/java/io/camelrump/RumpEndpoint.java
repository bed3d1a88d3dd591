package io.camelrump;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.Sentinels;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOG = LoggerFactory.getLogger(RumpEndpoint.class);
    private static final int MOST_PORTS = 65_535;
    private static final long MOST_BYTES = 1L << 40;
    private static final Pattern LATENCY_GUARD = Pattern.compile("on|off|([1-9]\\d{0,5})(ms|s)");
    private static final String TYPES = "string|list|set|zset|hash|stream";

    @UriPath(description = "Name of the server in messages and meters, such as source or target.")
    @Metadata(required = true)
    private String name;

    @UriParam(
            description =
                    "Host name or address of the server, or the path of its Unix socket, which begins with a slash."
                            + " Required, unless sentinels tell where it is.")
    private @Nullable String host;

    @UriParam(defaultValue = "6379", description = "Port of the server.")
    private int port = 6379;

    @UriParam(
            description =
                    "Sentinels that tell where the server is, instead of host and port: host:port of each, with commas between."
                            + " They are asked at each connection, so that a failover is followed.")
    private @Nullable String sentinels;

    @UriParam(description = "What the sentinels call the master; required with sentinels.")
    private @Nullable String masterName;

    @UriParam(label = "security", description = "ACL user of the sentinels; their default user if not set.")
    private @Nullable String sentinelUsername;

    @UriParam(
            label = "security",
            secret = true,
            description = "Password of the sentinels, which is another one than that of the server.")
    private @Nullable String sentinelPassword;

    @UriParam(
            defaultValue = "auto",
            description = "Whether the server is one of a cluster's: as it says of itself, or as this says.")
    private ServerMode mode = ServerMode.AUTO;

    @UriParam(
            label = "consumer",
            defaultValue = "master",
            description = "Which nodes of a cluster are scanned: the masters, or a replica of each.")
    private ReadFrom readFrom = ReadFrom.MASTER;

    @UriParam(label = "security", description = "ACL user to log in as; the default user if not set.")
    private @Nullable String username;

    @UriParam(label = "security", secret = true, description = "Password to log in with.")
    private @Nullable String password;

    @UriParam(
            label = "security",
            defaultValue = "false",
            description =
                    "Whether connections are made by TLS. The server's certificate and its name are checked, and the options"
                            + " below say otherwise what Java's own trust and the host say.")
    private boolean tls;

    @UriParam(
            label = "security",
            description =
                    "PEM file with the certificates of the authorities that may have signed the server's, instead of those"
                            + " that Java trusts.")
    private @Nullable String ca;

    @UriParam(
            label = "security",
            description =
                    "File with the certificate to show to the server, and those above it: PEM, or PKCS 12 with its key.")
    private @Nullable String cert;

    @UriParam(
            label = "security",
            description = "PEM file with the private key of cert; not needed where cert has it too.")
    private @Nullable String key;

    @UriParam(label = "security", secret = true, description = "Password that the private key is encrypted with.")
    private @Nullable String keyPassword;

    @UriParam(
            label = "security",
            description = "Name to ask the server for (SNI), which its certificate may have instead of the host.")
    private @Nullable String sni;

    @UriParam(
            label = "security",
            defaultValue = "false",
            description =
                    "Takes any certificate for any name: whoever sits on the way can read and change all, the password too.")
    private boolean insecure;

    @UriParam(
            label = "security",
            description =
                    "Camel's own configuration of TLS, instead of ca, cert, key, keyPassword and insecure; the host's name, or"
                            + " sni, is checked with it too.")
    private @Nullable SSLContextParameters sslContextParameters;

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

    @UriParam(defaultValue = "*", description = "Reads only keys that match this glob, as SCAN's MATCH.")
    private String match = "*";

    @UriParam(
            defaultValue = "all",
            description =
                    "Reads only keys of this type, as SCAN's TYPE; or of several, with commas between. For several, and below"
                            + " Redis 6.0, each key is asked for its type, and others count as filtered. To a lookup a key"
                            + " of another type is one that this server does not have.")
    private String type = "all";

    @UriParam(
            description =
                    "Takes only keys that match this glob, or includeRegex. Several stand one a line. What it leaves out is"
                            + " counted as filtered, and not dumped.")
    private @Nullable String includeKey;

    @UriParam(description = "Leaves out keys that match this glob, whatever includes them. Several stand one a line.")
    private @Nullable String excludeKey;

    @UriParam(
            description =
                    "Takes only keys that match this regular expression as a whole, or includeKey. Several stand one a line.")
    private @Nullable String includeRegex;

    @UriParam(description = "Leaves out keys that match this regular expression as a whole. Several stand one a line.")
    private @Nullable String excludeRegex;

    @UriParam(
            label = "consumer",
            description =
                    "Regular file with one key a line, as it is or quoted as redis-cli prints it: these are read, and not what SCAN"
                            + " gives. A list of failed keys is such a file.")
    private @Nullable String keysFrom;

    @UriParam(label = "consumer", defaultValue = "0", description = "Ends the reading after so many keys; 0 is all.")
    private int sample;

    @UriParam(
            label = "consumer",
            description =
                    "Takes only keys of at least so many bytes, as MEMORY USAGE estimates them, or below Redis 4.0 of the"
                            + " payload.")
    private @Nullable String minSize;

    @UriParam(label = "consumer", description = "Takes only keys of at most so many bytes, likewise.")
    private @Nullable String maxSize;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            description = "Takes only keys that have at least so long to live; those without expiry have.")
    private @Nullable Duration minTtl;

    @UriParam(
            label = "consumer",
            javaType = "java.time.Duration",
            description = "Takes only keys that have at most so long to live; those without expiry have not.")
    private @Nullable Duration maxTtl;

    @UriParam(
            description =
                    "Databases to read instead of database: all, or numbers with commas between. Each goes to the one of"
                            + " the same number, whatever database the producer names.")
    private @Nullable String db;

    @UriParam(
            description =
                    "Database of the target for one of the source, such as 3=0. Several stand one a line, or with commas"
                            + " between.")
    private @Nullable String mapDb;

    @UriParam(
            description =
                    "What keys are called at the target, as FROM=TO: a prefix for another one, with a star at the end of both"
                            + " sides, or a regular expression for the whole name and its replacement, such as"
                            + " user:(.+)=u:$1. Several stand one a line, the first that matches holds. Of two keys that would"
                            + " get one name the second is refused.")
    private @Nullable String rename;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether the server's functions are copied before its keys (Redis 7.0). A library that the target has"
                            + " already is treated as its onConflict says.")
    private boolean functions;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether this is the server that the keys went to: the databases are those that db and mapDb lead to,"
                            + " and filters by name are left to the lookup where rename gives other ones. Of a file"
                            + " with keys nothing is read, as their comparison tells of them all.")
    private boolean reverse;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            description =
                    "Milliseconds since 1970 that minTtl and maxTtl count from, so that a later comparison takes the same"
                            + " keys; 0 is the moment of reading.")
    private long ttlAsOf;

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description =
                    "Keys that one SCAN asks for, as SCAN's COUNT, from 1 to 1000000. On a connection with a long round"
                            + " trip a larger count is faster.")
    private int scanCount = 1000;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description =
                    "Whether keys are read with value and expiry; false gives their names alone, which is enough for"
                            + " operation=lookup.")
    private boolean values = true;

    @UriParam(label = "consumer", defaultValue = "once", description = "What to do when the scan has reached its end.")
    private ScanMode scan = ScanMode.ONCE;

    @UriParam(
            label = "consumer",
            defaultValue = "16",
            description =
                    "Pages that may be on their way, from 1 to 10000; the source is not read while there are so many.")
    private int queuePages = 16;

    @UriParam(
            label = "consumer",
            defaultValue = "16mb",
            description =
                    "Bytes of keys and payloads that may be on their way, from 64kb on; the source is not read while there are so"
                            + " many.")
    private String queueBytes = "16mb";

    @UriParam(
            label = "consumer",
            defaultValue = "8mb",
            description =
                    "Payloads that the source may be asked for at once, from 64kb to 8mb, and at most a quarter of the"
                            + " memory that an evicting source has left.")
    private String windowBytes = "8mb";

    @UriParam(
            defaultValue = "8mb",
            description =
                    "A key that takes more memory than this, from 64kb on, as MEMORY USAGE estimates it, is read in parts by"
                            + " the commands of its type, and not dumped; off reads every key by DUMP, as it is below Redis 4.0"
                            + " and for a user without MEMORY USAGE. A producer heeds it with operation=compare.")
    private String bigKey = "8mb";

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Number of rump: producers that each page goes to, from 1 to 127; a key is done when all of them have"
                            + " answered.")
    private int targets = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "90s",
            javaType = "java.time.Duration",
            description = "When no target answers for so long while pages are out, the run ends incomplete. Longer than"
                    + " replyTimeout, so that a silent target is found to be that.")
    private Duration stallTimeout = Duration.ofSeconds(90);

    @UriParam(
            label = "producer",
            defaultValue = "restore",
            description =
                    "What to do with the keys of a page: restore them; compare them with what this server holds; or"
                            + " look which of them this server does not have.")
    private Operation operation = Operation.RESTORE;

    @UriParam(
            label = "producer",
            defaultValue = "3",
            description =
                    "How often a comparison looks at a key that differs, about a second apart, before it says so: from 1 to"
                            + " 1000 times.")
    private int rounds = 3;

    @UriParam(
            defaultValue = "50ms",
            javaType = "java.time.Duration",
            description =
                    "By how much two expiries may differ in a comparison, beyond the difference of the clocks; and by how much"
                            + " a clock may be set during a run before keys are read again for that: from 0ms to 1h.")
    private Duration ttlTolerance = Duration.ofMillis(50);

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether a comparison restores here what differs in its last round, and compares it once more.")
    private boolean repair;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description =
                    "Whether a key that only the target has is deleted there: by a comparison at this server, by a"
                            + " lookup at the server whose keys are looked up. With live, whether keys that are gone at"
                            + " the source are deleted also where the target held keys of their names at the start.")
    private boolean prune;

    @UriParam(
            label = "common",
            defaultValue = "false",
            description =
                    "Whether prune, or live, deletes also if the source is empty, or if more than 100 keys and 10 % of the target's"
                            + " would go. Otherwise the run fails then, and nothing is deleted.")
    private boolean allowMassDelete;

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
            description =
                    "Replicas of the target that must have a batch before its keys count as restored, as WAIT: from 0 to 1000.")
    private int waitReplicas;

    @UriParam(
            defaultValue = "0",
            description =
                    "Keys to read, or as a producer to write, in a second at the most; 0 is no limit. What is only looked at"
                            + " to be left out does not count.")
    private int maxKeysPerSecond;

    @UriParam(
            label = "consumer",
            description =
                    "Bytes of payloads to read in a second at the most, from 1kb on, such as 10mb; no limit if not set.")
    private @Nullable String maxBytesPerSecond;

    @UriParam(
            label = "consumer",
            defaultValue = "on",
            description =
                    "Whether a PING on a connection of its own, 20 a second, watches what the copy does to the source's other"
                            + " clients: while it takes too long the source is read in smaller steps. on finds out what too"
                            + " long is from the shortest ones, a time such as 5ms says so, off watches nothing.")
    private String latencyGuard = "on";

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether keys keep how lately they were used, or how often under an lfu policy of the source, for the"
                            + " eviction of a target from Redis 5.0 on.")
    private boolean carryIdle;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Counts what would become of each key, and writes nothing to the target.")
    private boolean dryRun;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Takes hashes whose fields expire to a target that has no such fields, as fields that stay;"
                    + " without it such a hash is refused.")
    private boolean dropFieldTtl;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Takes streams without the ids by which they know messages that their producers send again"
                    + " (IDMP, Redis 8.6), where neither a payload nor the target has a place for them; without it such"
                    + " a stream is refused.")
    private boolean dropIdmp;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether the changes of the source are followed beside the scan, and after it until the run is told to"
                            + " end. Needs CLIENT TRACKING, which Redis has from 6.0; otherwise it is scanned again and"
                            + " again.")
    private boolean live;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description =
                    "Whether the values of keys above bigKey are read; false tells type, expiry and size of them, which is"
                            + " enough for operation=compare.")
    private boolean bigValues = true;

    @UriParam(
            label = "consumer",
            description =
                    "Where to note, each second, how far everything has arrived, so that a later run can go on there: a bean"
                            + " such as CheckpointFile, CheckpointKey, or any other StateRepository.")
    private @Nullable StateRepository<String, String> checkpoint;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether to go on where the checkpoint says, if there is one.")
    private boolean resume;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether the scan may start over where there is a checkpoint that is not to be, or can not be, gone on"
                            + " from.")
    private boolean restartScan;

    private @Nullable Renaming renaming;
    private KeySelection selection =
            new KeySelection(null, name -> true, Set.of(), null, null, 0, null, Long.MAX_VALUE);
    private Databases databases = Databases.of(0, null, null);
    private Origins origins = new Origins(databases, null, name -> true);
    private long queueByteCount;
    private long windowByteCount;
    private long bigKeyByteCount;
    private long bytesPerSecond;
    private @Nullable Run run;
    private @Nullable Tls security;
    private @Nullable Sentinels asked;

    RumpEndpoint(String uri, RumpComponent component, String name) {
        super(uri, component);
        this.name = name;
        setGreedy(true);
        setInitialDelay(0);
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        asked = SentinelOptions.load(this);
        security = TlsOptions.load(this);
        inRange("port", port, 1, MOST_PORTS);
        inRange("database", database, 0, Integer.MAX_VALUE);
        inRange("scanCount", scanCount, 1, 1_000_000);
        inRange("queuePages", queuePages, 1, 10_000);
        inRange("sample", sample, 0, Integer.MAX_VALUE);
        inRange("targets", targets, 1, Byte.MAX_VALUE);
        inRange("waitReplicas", waitReplicas, 0, 1_000);
        inRange("rounds", rounds, 1, 1_000);
        inRange("maxKeysPerSecond", maxKeysPerSecond, 0, Integer.MAX_VALUE);
        if (ttlAsOf < 0) {
            throw OptionText.wrong("ttlAsOf", ttlAsOf, OptionText.MOMENTS);
        }
        positive("connectTimeout", connectTimeout);
        positive("replyTimeout", replyTimeout);
        positive("stallTimeout", stallTimeout);
        if (ttlTolerance.isNegative() || ttlTolerance.compareTo(Duration.ofHours(1)) > 0) {
            throw OptionText.wrong("ttlTolerance", ttlTolerance, "a time from 0ms to 1h");
        }
        if (!type.matches("all|(" + TYPES + ")(,(" + TYPES + "))*")) {
            throw OptionText.wrong(
                    "type", type, "one of all, string, list, set, zset, hash, stream, or several with commas between");
        }
        if (live && (scan != ScanMode.ONCE || keysFrom != null || sample != 0 || !values)) {
            throw OptionText.wrong("live", true, "only with scan=once and values, and without keysFrom and sample");
        }
        if (resume && checkpoint == null) {
            throw OptionText.wrong("resume", true, "given with a checkpoint");
        }
        if (checkpoint != null && (scan != ScanMode.ONCE || keysFrom != null || sample != 0 || !values)) {
            throw OptionText.wrong(
                    "checkpoint", checkpoint, "only with scan=once and values, and without keysFrom and sample");
        }
        selection = selection();
        Databases sources = Databases.of(database, db, mapDb);
        Renaming names = Renaming.of(rename);
        origins = new Origins(sources, names, selection.wanted());
        databases = reverse ? sources.reversed() : sources;
        renaming = reverse ? null : names;
        if (maxBytesPerSecond != null) {
            bytesPerSecond = bytes("maxBytesPerSecond", maxBytesPerSecond, 1_000, MOST_BYTES);
        }
        if (!LATENCY_GUARD.matcher(latencyGuard).matches()) {
            throw OptionText.wrong("latencyGuard", latencyGuard, "on, off or a time such as 5ms");
        }
        queueByteCount = bytes("queueBytes", queueBytes, 64_000, MOST_BYTES);
        windowByteCount = bytes("windowBytes", windowBytes, 64_000, 8L << 20);
        bigKeyByteCount = bigKey.equals("off") ? ScanOptions.NO_BIG_KEYS : bytes("bigKey", bigKey, 64_000, MOST_BYTES);
    }

    private KeySelection selection() {
        List<String> types = List.of(type.split(","));
        // SCAN tells one type apart by itself
        boolean asked = !type.equals("all") && (types.size() > 1 || keysFrom != null || live);
        Range sizes = minSize == null && maxSize == null
                ? null
                : range("maxSize", size("minSize", minSize, 0), size("maxSize", maxSize, MOST_BYTES), minSize, maxSize);
        Range ttls = minTtl == null && maxTtl == null
                ? null
                : range(
                        "maxTtl",
                        minTtl == null ? 0 : minTtl.toMillis(),
                        maxTtl == null ? Long.MAX_VALUE : maxTtl.toMillis(),
                        minTtl == null ? null : minTtl.toMillis(),
                        maxTtl == null ? null : maxTtl.toMillis());
        KeyNames wanted = KeyNames.of(match, includeKey, excludeKey, includeRegex, excludeRegex);
        return new KeySelection(
                namesDiffer()
                        ? null
                        : KeyNames.of(
                                // SCAN knows the pattern itself; a file, and the news of changes, do not
                                keysFrom == null && !live ? "*" : match,
                                includeKey,
                                excludeKey,
                                includeRegex,
                                excludeRegex),
                name -> wanted == null || wanted.takes(name, 0, name.length),
                asked ? Set.copyOf(types) : Set.of(),
                sizes,
                ttls,
                ttlAsOf,
                keysFrom == null || reverse ? null : Path.of(keysFrom),
                keysFrom != null && reverse ? 0 : sample == 0 ? Long.MAX_VALUE : sample);
    }

    /** Whether the keys read here have other names at the source. */
    private boolean namesDiffer() {
        return reverse && rename != null;
    }

    private static long size(String option, @Nullable String text, long otherwise) {
        return text == null ? otherwise : bytes(option, text, 1, MOST_BYTES);
    }

    private static Range range(
            String option, long least, long most, @Nullable Object typedLeast, @Nullable Object typedMost) {
        if (least > most) {
            throw OptionText.wrong(option, String.valueOf(typedMost), "at least " + typedLeast);
        }
        return new Range(least, most);
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
        long bytes = OptionText.bytes(option, text);
        if (bytes < least || bytes > most) {
            throw OptionText.wrong(option, text, "from " + least / 1_000 + "kb to " + most / 1_000_000 + "mb");
        }
        return bytes;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        run = new Run(migration, targets);
        RumpConsumer consumer = new RumpConsumer(this, processor, new HostedRun(getCamelContext(), run));
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return switch (operation) {
            case RESTORE -> new RumpProducer(this);
            case COMPARE, LOOKUP -> new CompareProducer(this);
        };
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    Run run() {
        if (run == null) {
            throw new IllegalStateException("only a consumer has a ledger");
        }
        return run;
    }

    /** Opens what is to be read: the masters of a cluster, where the server says that it is one of its nodes. */
    PageSource openSource(Run books, Pace.Steps step) throws InterruptedException {
        books.clockSteps().tolerance(ttlTolerance);
        Pace pace = new Pace(maxKeysPerSecond, bytesPerSecond, step);
        long pageBytes = Math.max(64 * 1024, queueByteCount / queuePages);
        ScanOptions options = new ScanOptions(
                databases,
                pace.scanCount(scanCount),
                match.equals("*") || namesDiffer() ? null : match,
                selection.types().isEmpty() && !type.equals("all") ? type : null,
                selection,
                functions,
                pageBytes,
                windowByteCount,
                bigKeyByteCount,
                bigValues,
                values);
        ServerAddress server = address().withDatabase(databases.first());
        ClusterReader.Readers readers = (address, node) ->
                new SourceReader(address, mode, options, renaming, pace, carryIdle, retryFor, restartScan, books, node);
        if (mode != ServerMode.CLUSTER) {
            SourceReader alone = readers.of(server, null);
            try {
                alone.open();
                return alone;
            } catch (ClusterFoundException e) {
                LOG.debug("The masters of {} are asked for", server, e);
            }
        }
        refuseRenamingOf(server);
        return ClusterReader.open(server, readFrom, new Sample(selection.sample()), retryFor, books, readers);
    }

    private void refuseRenamingOf(ServerAddress server) {
        if (renaming != null) {
            throw RedisException.lasting(
                    "Source " + server + " is a cluster, which can not be read with rename (--rename)"
                            + " yet. Leave it out, or name a server that is none.");
        }
    }

    /** Notes how far the run is; null if nobody is to. */
    @Nullable
    Checkpoints checkpoints(Run books, @Nullable String routeId) {
        return checkpoint == null ? null : new Checkpoints(checkpoint, books, selectionTexts(routeId), retryFor);
    }

    /** What says what is read and where it goes: the route and the options, as far as they are set. */
    private Map<String, String> selectionTexts(@Nullable String routeId) {
        Map<String, String> texts = new TreeMap<>();
        put(texts, "route", routeId);
        put(texts, "migration", migration);
        texts.put("database", Integer.toString(database));
        texts.put("match", match);
        texts.put("type", type);
        put(texts, "includeKey", includeKey);
        put(texts, "excludeKey", excludeKey);
        put(texts, "includeRegex", includeRegex);
        put(texts, "excludeRegex", excludeRegex);
        put(texts, "minSize", minSize);
        put(texts, "maxSize", maxSize);
        put(texts, "minTtl", minTtl);
        put(texts, "maxTtl", maxTtl);
        put(texts, "db", db);
        put(texts, "mapDb", mapDb);
        put(texts, "rename", rename);
        put(texts, "targets", targets);
        return texts;
    }

    private static void put(Map<String, String> texts, String name, @Nullable Object value) {
        if (value != null) {
            texts.put(name, value.toString());
        }
    }

    /** Watches the source while it is read; null if nobody is to. */
    @Nullable
    LatencyGuards latencyGuards(Run books) {
        if (latencyGuard.equals("off")) {
            return null;
        }
        Matcher time = LATENCY_GUARD.matcher(latencyGuard);
        Duration allowed = time.matches() && time.group(1) != null
                ? Duration.of(
                        Long.parseLong(time.group(1)),
                        time.group(2).equals("s") ? ChronoUnit.SECONDS : ChronoUnit.MILLIS)
                : null;
        return new LatencyGuards(server -> new LatencyGuard(server, new Latencies(allowed), books));
    }

    /**
     * Looks at a source that is followed for what no news tell.
     *
     * @param servers those that take its writes now
     */
    SourceWatch sourceWatch(ChangeLog changes, Supplier<List<ServerAddress>> servers) {
        return new SourceWatch(address().toString(), servers, databases, changes, allowMassDelete);
    }

    Origins origins() {
        return origins;
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

    /** What goes on with keep or fail must find nothing but its own keys at each target. */
    void checkTargets(Checkpoint resumed) {
        for (Endpoint other : getCamelContext().getEndpoints()) {
            if (other instanceof RumpEndpoint target
                    && target.onConflict != ConflictPolicy.REPLACE
                    && resumed.beganFilledAt(target.address())) {
                throw new IllegalArgumentException(
                        "Target " + target.address() + " was not empty when the run began, so it can not go on with"
                                + " onConflict=" + target.onConflict.name().toLowerCase(Locale.ROOT)
                                + ": its own keys can not be told from foreign ones. Leave resume (--resume) out and start"
                                + " over with restartScan (--restart-scan), or set onConflict=replace.");
            }
        }
    }

    /** The page as it is for the target: where it goes, and under which names. */
    PageData forTarget(PageData page) {
        PageData moved = page.to(databases.target(page.database()));
        return renaming == null ? moved : moved.withKeys(renaming.rename(page.keys()));
    }

    ServerAddress address() {
        return new ServerAddress(
                host == null ? "" : host,
                port,
                username,
                password,
                database,
                connectTimeout,
                replyTimeout,
                security,
                asked);
    }

    long bigKeyBytes() {
        return bigKeyByteCount;
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

    public @Nullable String getSentinels() {
        return sentinels;
    }

    public void setSentinels(String sentinels) {
        this.sentinels = sentinels;
    }

    public @Nullable String getMasterName() {
        return masterName;
    }

    public void setMasterName(String masterName) {
        this.masterName = masterName;
    }

    public @Nullable String getSentinelUsername() {
        return sentinelUsername;
    }

    public void setSentinelUsername(String sentinelUsername) {
        this.sentinelUsername = sentinelUsername;
    }

    public @Nullable String getSentinelPassword() {
        return sentinelPassword;
    }

    public void setSentinelPassword(String sentinelPassword) {
        this.sentinelPassword = sentinelPassword;
    }

    public ServerMode getMode() {
        return mode;
    }

    public void setMode(ServerMode mode) {
        this.mode = mode;
    }

    public ReadFrom getReadFrom() {
        return readFrom;
    }

    public void setReadFrom(ReadFrom readFrom) {
        this.readFrom = readFrom;
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

    public boolean isTls() {
        return tls;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public @Nullable String getCa() {
        return ca;
    }

    public void setCa(@Nullable String ca) {
        this.ca = ca;
    }

    public @Nullable String getCert() {
        return cert;
    }

    public void setCert(@Nullable String cert) {
        this.cert = cert;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public @Nullable String getKeyPassword() {
        return keyPassword;
    }

    public void setKeyPassword(@Nullable String keyPassword) {
        this.keyPassword = keyPassword;
    }

    public @Nullable String getSni() {
        return sni;
    }

    public void setSni(@Nullable String sni) {
        this.sni = sni;
    }

    public boolean isInsecure() {
        return insecure;
    }

    public void setInsecure(boolean insecure) {
        this.insecure = insecure;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
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

    public @Nullable String getIncludeKey() {
        return includeKey;
    }

    public void setIncludeKey(String includeKey) {
        this.includeKey = includeKey;
    }

    public @Nullable String getExcludeKey() {
        return excludeKey;
    }

    public void setExcludeKey(String excludeKey) {
        this.excludeKey = excludeKey;
    }

    public @Nullable String getIncludeRegex() {
        return includeRegex;
    }

    public void setIncludeRegex(String includeRegex) {
        this.includeRegex = includeRegex;
    }

    public @Nullable String getExcludeRegex() {
        return excludeRegex;
    }

    public void setExcludeRegex(String excludeRegex) {
        this.excludeRegex = excludeRegex;
    }

    public @Nullable String getKeysFrom() {
        return keysFrom;
    }

    public void setKeysFrom(String keysFrom) {
        this.keysFrom = keysFrom;
    }

    public int getSample() {
        return sample;
    }

    public void setSample(int sample) {
        this.sample = sample;
    }

    public @Nullable String getMinSize() {
        return minSize;
    }

    public void setMinSize(String minSize) {
        this.minSize = minSize;
    }

    public @Nullable String getMaxSize() {
        return maxSize;
    }

    public void setMaxSize(String maxSize) {
        this.maxSize = maxSize;
    }

    public @Nullable Duration getMinTtl() {
        return minTtl;
    }

    public void setMinTtl(Duration minTtl) {
        this.minTtl = minTtl;
    }

    public @Nullable Duration getMaxTtl() {
        return maxTtl;
    }

    public void setMaxTtl(Duration maxTtl) {
        this.maxTtl = maxTtl;
    }

    public @Nullable String getDb() {
        return db;
    }

    public void setDb(String db) {
        this.db = db;
    }

    public @Nullable String getMapDb() {
        return mapDb;
    }

    public void setMapDb(String mapDb) {
        this.mapDb = mapDb;
    }

    public @Nullable String getRename() {
        return rename;
    }

    public void setRename(String rename) {
        this.rename = rename;
    }

    public boolean isFunctions() {
        return functions;
    }

    public void setFunctions(boolean functions) {
        this.functions = functions;
    }

    public boolean isReverse() {
        return reverse;
    }

    public void setReverse(boolean reverse) {
        this.reverse = reverse;
    }

    public long getTtlAsOf() {
        return ttlAsOf;
    }

    public void setTtlAsOf(long ttlAsOf) {
        this.ttlAsOf = ttlAsOf;
    }

    public int getScanCount() {
        return scanCount;
    }

    public void setScanCount(int scanCount) {
        this.scanCount = scanCount;
    }

    public boolean isValues() {
        return values;
    }

    public void setValues(boolean values) {
        this.values = values;
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

    public String getBigKey() {
        return bigKey;
    }

    public void setBigKey(String bigKey) {
        this.bigKey = bigKey;
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

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public int getRounds() {
        return rounds;
    }

    public void setRounds(int rounds) {
        this.rounds = rounds;
    }

    public Duration getTtlTolerance() {
        return ttlTolerance;
    }

    public void setTtlTolerance(Duration ttlTolerance) {
        this.ttlTolerance = ttlTolerance;
    }

    public boolean isRepair() {
        return repair;
    }

    public void setRepair(boolean repair) {
        this.repair = repair;
    }

    public @Nullable StateRepository<String, String> getCheckpoint() {
        return checkpoint;
    }

    public void setCheckpoint(@Nullable StateRepository<String, String> checkpoint) {
        this.checkpoint = checkpoint;
    }

    public boolean isResume() {
        return resume;
    }

    public void setResume(boolean resume) {
        this.resume = resume;
    }

    public boolean isRestartScan() {
        return restartScan;
    }

    public void setRestartScan(boolean restartScan) {
        this.restartScan = restartScan;
    }

    public boolean isBigValues() {
        return bigValues;
    }

    public void setBigValues(boolean bigValues) {
        this.bigValues = bigValues;
    }

    public boolean isLive() {
        return live;
    }

    public void setLive(boolean live) {
        this.live = live;
    }

    public boolean isPrune() {
        return prune;
    }

    public void setPrune(boolean prune) {
        this.prune = prune;
    }

    public boolean isAllowMassDelete() {
        return allowMassDelete;
    }

    public void setAllowMassDelete(boolean allowMassDelete) {
        this.allowMassDelete = allowMassDelete;
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

    AcceptedLosses losses() {
        return new AcceptedLosses(dropFieldTtl, dropIdmp);
    }

    public boolean isDropIdmp() {
        return dropIdmp;
    }

    public void setDropIdmp(boolean dropIdmp) {
        this.dropIdmp = dropIdmp;
    }

    public boolean isDropFieldTtl() {
        return dropFieldTtl;
    }

    public void setDropFieldTtl(boolean dropFieldTtl) {
        this.dropFieldTtl = dropFieldTtl;
    }

    public int getMaxKeysPerSecond() {
        return maxKeysPerSecond;
    }

    public void setMaxKeysPerSecond(int maxKeysPerSecond) {
        this.maxKeysPerSecond = maxKeysPerSecond;
    }

    public @Nullable String getMaxBytesPerSecond() {
        return maxBytesPerSecond;
    }

    public void setMaxBytesPerSecond(@Nullable String maxBytesPerSecond) {
        this.maxBytesPerSecond = maxBytesPerSecond;
    }

    public String getLatencyGuard() {
        return latencyGuard;
    }

    public void setLatencyGuard(String latencyGuard) {
        this.latencyGuard = latencyGuard;
    }

    public boolean isCarryIdle() {
        return carryIdle;
    }

    public void setCarryIdle(boolean carryIdle) {
        this.carryIdle = carryIdle;
    }
}
