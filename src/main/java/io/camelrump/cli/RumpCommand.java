package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.ReadFrom;
import io.camelrump.ServerMode;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.TlsFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags, checked, and handed to a {@link Migration}. A flag that is not given sets nothing: defaults stand at the endpoint. */
@Command(
        name = "rump",
        addMethodSubcommands = false,
        sortOptions = false,
        versionProvider = Version.class,
        customSynopsis = {
            "rump -from redis://[user:password@]host[:port][/db] -to redis://... [options]",
            "       rump check -from redis://... -to redis://... [options]",
            "       rump compare -from redis://... -to redis://... [options]",
            "       rump demo [--keys N]"
        },
        description = {
            "",
            "Copies every key of one Redis database to another while both stay in use, by SCAN, DUMP and RESTORE.",
            "Nothing is written to the source. Flags take one or two dashes, and a space or = before their value;",
            "sizes end in kb, mb or gb, times in ms, s, m or h."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rump -from redis://old:6379 -to redis://new:6379",
            "  rump -from redis://old/1 -to redis://new/0 --match 'user:*' --failed-keys failed.txt",
            "  rump check -from redis://old -to redis://new",
            "  rump -from redis://old -to redis://new --live --until-lag 1s",
            "  rump -from redis://old -to redis://new --checkpoint run.checkpoint --resume",
            "  rump -from rediss://old:6380 --from-ca ca.pem -to unix:///run/redis.sock?db=1",
            "  rump -from redis-sentinel://s1:26379,s2:26379,s3:26379/mymaster -to redis://new --live --until-lag 1s",
            "  RUMP_FROM_PASSWORD=secret rump -from redis://reader@old -to redis://new --json run.json",
            "",
            "Passwords: --from-password-file wins over a password in the address, and that over RUMP_FROM_PASSWORD. Any",
            "character may stand in an address as it is; where every %% begins %%XX it is percent-decoded. RUMP_FROM and",
            "RUMP_TO give whole addresses. The same goes for --to-password-file and RUMP_TO_PASSWORD.",
            "",
            "The pipeline is routes/migrate.camel.yaml in the working directory if there is one, else the built-in copy.",
            "RUMP_JAVA_OPTS adds options for the JVM, RUMP_DEBUG=1 prints stack traces.",
            "",
            "Exit codes:",
            "    0  complete, nothing refused",
            "    1  failed or incomplete",
            "    2  wrong usage",
            "    4  check: not ready",
            "    5  compare, --verify, demo: the two databases differ",
            "    6  finished, some keys were refused or could not be read",
            "    7  --live ended, and the two sides are not known to be equal",
            "  129, 130, 143  stopped by SIGHUP, SIGINT or SIGTERM: incomplete"
        })
class RumpCommand implements Callable<Integer> {
    private static final String RETRY_OF_LIVE_RUN = "600000ms";

    private final Map<String, String> environment;
    private final StopSignals signals;
    private final long startedAt = System.currentTimeMillis();

    @Spec
    CommandSpec spec;

    @ArgGroup(validate = false, order = 1, heading = "%nServers:%n")
    private final Servers servers = new Servers();

    @ArgGroup(validate = false, order = 9, heading = "%nTLS, with addresses of rediss://:%n")
    private final TlsFlags tls = new TlsFlags();

    @ArgGroup(validate = false, order = 10, heading = "%nSentinels, with addresses of redis-sentinel://:%n")
    private final SentinelFlags sentinels = new SentinelFlags();

    @ArgGroup(validate = false, order = 2, heading = "%nWhich keys, and how:%n")
    private final Keys keys = new Keys();

    @ArgGroup(validate = false, order = 3, heading = "%nKeys to leave out:%n")
    private final Filters filters = new Filters();

    @ArgGroup(validate = false, order = 4, heading = "%nSpeed and memory:%n")
    private final Bounds bounds = new Bounds();

    @ArgGroup(validate = false, order = 5, heading = "%nFaults and stopping:%n")
    private final Faults faults = new Faults();

    @ArgGroup(validate = false, order = 6, heading = "%nComparing:%n")
    private final Comparing comparing = new Comparing();

    @ArgGroup(validate = false, order = 7, heading = "%nLive:%n")
    private final LiveFlags live = new LiveFlags();

    @ArgGroup(validate = false, order = 8, heading = "%nOutput:%n")
    private final Output output = new Output();

    RumpCommand(Map<String, String> environment, StopSignals signals) {
        this.environment = environment;
        this.signals = signals;
    }

    static final class Servers {
        @Option(
                names = "--from",
                paramLabel = "URI",
                description =
                        "Source: redis://[user:password@]host[:port][/db], the same with rediss:// for TLS, for a Unix"
                                + " socket unix:///path?db=N, or where sentinels tell the master"
                                + " redis-sentinel://[user:password@]host:port,host:port/master[/db].")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "URI", description = "Target, likewise.")
        private @Nullable String to;

        @Option(names = "--from-password-file", paramLabel = "FILE", description = "File with the source's password.")
        private @Nullable Path fromPasswordFile;

        @Option(names = "--to-password-file", paramLabel = "FILE", description = "File with the target's password.")
        private @Nullable Path toPasswordFile;

        @Option(
                names = "--from-mode",
                paramLabel = "MODE",
                description =
                        "Whether the source is a cluster: auto goes by what it says of itself, standalone and cluster say"
                                + " otherwise. Default: auto.")
        private @Nullable ServerMode fromMode;

        @Option(names = "--to-mode", paramLabel = "MODE", description = "As --from-mode, of the target.")
        private @Nullable ServerMode toMode;

        @Option(
                names = "--read-from",
                paramLabel = "NODE",
                description = "Which nodes of a source that is a cluster are scanned: master, or a replica of each."
                        + " Default: master.")
        private @Nullable ReadFrom readFrom;
    }

    static final class Keys {
        @Option(
                names = "--ttl",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Keys keep their expiry; false makes them live for ever. Default: true.")
        private @Nullable Boolean ttl;

        @Option(
                names = "--on-conflict",
                paramLabel = "POLICY",
                description =
                        "Another value under a key's name at the target: replace it, keep it, or fail. Default: replace.")
        private @Nullable ConflictPolicy onConflict;

        @Option(
                names = "--db",
                paramLabel = "DB",
                description =
                        "Databases to read: all, or 0,3,5, or 3. Each goes to the one of the same number, if --map-db does"
                                + " not say otherwise. Default: the one in --from, to the one in --to.")
        private @Nullable String db;

        @Option(
                names = "--map-db",
                paramLabel = "FROM=TO",
                description =
                        "Database FROM of the source goes to database TO of the target. May be given several times.")
        private @Nullable List<String> mapDb;

        @Option(
                names = "--rename",
                paramLabel = "FROM=TO",
                description =
                        "What keys are called at the target: user:*=u:*, or by a regular expression (.*):old=$1. May be given"
                                + " several times; the first that matches holds.")
        private @Nullable List<String> rename;

        @Option(
                names = "--functions",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Copies the server's functions before its keys, from Redis 7.0 on. Default: false.")
        private @Nullable Boolean functions;

        @Option(
                names = "--drop-field-ttl",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description =
                        "Takes hashes whose fields expire to a server that has no such fields, as fields that stay."
                                + " Default: false.")
        private @Nullable Boolean dropFieldTtl;

        @Option(
                names = "--carry-idle",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description =
                        "Keys keep how lately they were used, or how often where the source evicts by that. Default: false.")
        private @Nullable Boolean carryIdle;

        @Option(names = "--match", paramLabel = "GLOB", description = "Only keys with such a name. Default: *.")
        private @Nullable String match;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "Only keys of this type: string, list, set, zset, hash or stream, or several with commas"
                        + " between. Default: all.")
        private @Nullable String type;

        @Option(
                names = "--dry-run",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description =
                        "Reads and counts, and writes nothing anywhere; with compare also what --repair and --prune"
                                + " would write. Default: false.")
        private @Nullable Boolean dryRun;
    }

    static final class Filters {
        @Option(
                names = "--include-key",
                paramLabel = "GLOB",
                description = "Only keys with such a name; others count as filtered. May be given several times.")
        private @Nullable List<String> includeKey;

        @Option(
                names = "--exclude-key",
                paramLabel = "GLOB",
                description = "No keys with such a name, whatever includes them. May be given several times.")
        private @Nullable List<String> excludeKey;

        @Option(
                names = "--include-regex",
                paramLabel = "REGEX",
                description = "Only keys whose whole name matches. May be given several times.")
        private @Nullable List<String> includeRegex;

        @Option(
                names = "--exclude-regex",
                paramLabel = "REGEX",
                description = "No keys whose whole name matches. May be given several times.")
        private @Nullable List<String> excludeRegex;

        @Option(
                names = "--keys-from",
                paramLabel = "FILE",
                description = "Reads the keys in this file, one a line, such as one that --failed-keys wrote.")
        private @Nullable Path keysFrom;

        @Option(
                names = "--sample",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Ends after so many keys.")
        private @Nullable Integer sample;

        @Option(
                names = "--min-size",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Only keys that take at least so many bytes in the source's memory.")
        private @Nullable Long minSize;

        @Option(
                names = "--max-size",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Only keys that take at most so many bytes.")
        private @Nullable Long maxSize;

        @Option(
                names = "--min-ttl",
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "Only keys that have at least so long to live; those without expiry have.")
        private @Nullable Span minTtl;

        @Option(
                names = "--max-ttl",
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "Only keys that have at most so long to live; those without expiry have not.")
        private @Nullable Span maxTtl;
    }

    static final class Bounds {
        @Option(
                names = "--scan-count",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Keys that one SCAN asks for. Default: 1000.")
        private @Nullable Integer scanCount;

        @Option(
                names = "--batch-keys",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Keys that are written in one batch. Default: 1000.")
        private @Nullable Integer batchKeys;

        @Option(
                names = "--batch-bytes",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Bytes that close a batch. Default: 256kb.")
        private @Nullable Long batchBytes;

        @Option(
                names = "--queue-pages",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Pages of keys on their way at most. Default: 16.")
        private @Nullable Integer queuePages;

        @Option(
                names = "--queue-bytes",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Bytes on their way at most. Default: 16mb.")
        private @Nullable Long queueBytes;

        @Option(
                names = "--window-bytes",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Bytes that the source is asked for at once, 8mb at most. Default: 8mb.")
        private @Nullable Long windowBytes;

        @Option(
                names = "--big-key",
                paramLabel = "SIZE|off",
                description =
                        "A key that takes more memory than this, by MEMORY USAGE, is copied in parts and not dumped. Default: 8mb.")
        private @Nullable String bigKey;

        @Option(
                names = "--max-keys-per-second",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "Keys to read in a second at the most. Default: no limit.")
        private @Nullable Integer maxKeysPerSecond;

        @Option(
                names = "--max-bytes-per-second",
                paramLabel = "SIZE",
                converter = SizeConverter.class,
                description = "Bytes to read in a second at the most, from 1kb on. Default: no limit.")
        private @Nullable Long maxBytesPerSecond;

        @Option(
                names = "--latency-guard",
                paramLabel = "on|off|TIME",
                description =
                        "Reads in smaller steps while the source answers a PING slowly; TIME, such as 5ms, says what is"
                                + " slow. Default: on.")
        private @Nullable String latencyGuard;
    }

    static final class Faults {
        @Option(
                names = "--retry-for",
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "How long to try again while a server is away, loading, full or read-only. Default: 60s,"
                        + " with --live 10m.")
        private @Nullable Span retryFor;

        @Option(
                names = "--drain-for",
                paramLabel = "TIME",
                converter = Span.Converter.class,
                defaultValue = "25s",
                description = "After a signal: how long what was read may take to arrive. Default: ${DEFAULT-VALUE}.")
        private Span drainFor;

        @Option(
                names = "--wait-replicas",
                paramLabel = "N",
                description = "Replicas of the target that must have a key before it counts. Default: 0.")
        private @Nullable Integer waitReplicas;

        @Option(
                names = "--checkpoint",
                paramLabel = "FILE|target:NAME",
                description =
                        "Notes each second how far everything has arrived: in a file, or in a key at the target, for"
                                + " where no disk outlives the process. Default: none.")
        private @Nullable String checkpoint;

        @Option(
                names = "--resume",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Goes on where the checkpoint says, if there is one. Default: false.")
        private @Nullable Boolean resume;

        @Option(
                names = "--restart-scan",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Starts over where there is a checkpoint that does not fit, or without --resume any."
                        + " Default: false.")
        private @Nullable Boolean restartScan;
    }

    static final class Comparing {
        @Option(
                names = "--verify",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Compares the two databases when the copy is complete. Default: false.")
        private @Nullable Boolean verify;

        @Option(
                names = "--repair",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Copies again what differs, and compares it once more. Default: false.")
        private @Nullable Boolean repair;

        @Option(
                names = "--prune",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description = "Deletes what only the target has; with --live also from a target that was not empty at"
                        + " the start. Default: false.")
        private @Nullable Boolean prune;

        @Option(
                names = "--allow-mass-delete",
                arity = "0..1",
                fallbackValue = "true",
                paramLabel = "true|false",
                description =
                        "Lets --prune delete also if the source is empty, or if more than 100 keys and 10 %% of the"
                                + " target's would go. Default: false.")
        private @Nullable Boolean allowMassDelete;

        @Option(
                names = "--ttl-tolerance",
                paramLabel = "TIME",
                converter = Span.Converter.class,
                description = "By how much two expiries may differ, beyond the clocks. Default: 50ms.")
        private @Nullable Span ttlTolerance;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "How often a key that differs is looked at before it counts. Default: 3.")
        private @Nullable Integer rounds;

        boolean isVerify() {
            return Boolean.TRUE.equals(verify);
        }

        private boolean isGiven() {
            return repair != null || prune != null || allowMassDelete != null || ttlTolerance != null || rounds != null;
        }
    }

    static final class Output {
        @Option(
                names = "--silent",
                arity = "0..1",
                fallbackValue = "true",
                defaultValue = "false",
                paramLabel = "true|false",
                description = "Errors only: no progress, no warnings, no summary. Default: ${DEFAULT-VALUE}.")
        private boolean silent;

        @Option(
                names = "--json",
                paramLabel = "FILE",
                description = "Writes the summary there as JSON, also of a failed run.")
        private @Nullable Path json;

        @Option(
                names = "--failed-keys",
                paramLabel = "FILE",
                description = "Writes each refused or differing key there with its cause.")
        private @Nullable Path failedKeys;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this text.")
        private boolean help;

        @Option(
                names = "--version",
                versionHelp = true,
                description = "Shows the versions of rump, Camel, Jedis and Java.")
        private boolean version;
    }

    @Override
    public Integer call() {
        Logging.setUp(output.silent);
        Migration.Plan plan = plan();
        if (comparing.isGiven() && !comparing.isVerify() && !live.isLive()) {
            throw wrong(
                    "--repair, --prune, --allow-mass-delete, --ttl-tolerance and --rounds are about a comparison: add --verify");
        }
        refuseLive(plan);
        if (faults.checkpoint == null && (faults.resume != null || faults.restartScan != null)) {
            throw wrong("--resume and --restart-scan are about a --checkpoint: name it");
        }
        if (faults.checkpoint != null && (plan.isDryRun() || filters.keysFrom != null || filters.sample != null)) {
            throw wrong("--checkpoint is about a whole scan: leave --dry-run, --keys-from and --sample out");
        }
        if (comparing.isVerify() && plan.isDryRun()) {
            throw wrong("--dry-run writes nothing that --verify could compare");
        }
        refuseWhatIsLost(plan, RouteFile.MIGRATE);
        if (verifies() || live.isLive()) {
            refuseWhatIsLost(plan, RouteFile.COMPARE);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ExitCode code = new Migration(plan, out, err, signals).run();
        boolean copied = code == ExitCode.COMPLETE || code == ExitCode.REFUSED;
        return (copied && verifies() ? new Comparison(plan, code, false, out, err, signals).run() : code).number();
    }

    /** Routes of a person's own may have no place for a flag: nobody is to believe then that it holds. */
    private void refuseWhatIsLost(Migration.Plan plan, RouteFile routes) {
        Map<String, String> lost = routes.lost(plan.properties().keySet());
        // which holds whatever the routes say
        lost.remove("restore.dry-run");
        if (!lost.isEmpty()) {
            throw wrong(routes + " passes nothing on of "
                    + lost.entrySet().stream()
                            .map(option -> flag(option.getKey()) + ", which takes " + option.getValue())
                            .collect(Collectors.joining("; "))
                    + ". Write that into it where the built-in file has it, or leave out what was given");
        }
    }

    /** What a person gave that became this property: a flag, or a part of an address. */
    final String flag(String property) {
        String name = property.substring(property.indexOf('.') + 1);
        String side = property.startsWith("source.") ? "--from" : property.startsWith("target.") ? "--to" : "-";
        return Stream.of(side + "-" + name, "--" + property.replace('.', '-'), "--" + name)
                .filter(spec.optionsMap()::containsKey)
                .findFirst()
                .orElse(side.equals("-") ? property : name + " of " + side);
    }

    private void refuseLive(Migration.Plan plan) {
        if (live.objection() != null) {
            throw wrong(live.objection());
        }
        if (!live.isLive()) {
            return;
        }
        if (comparing.isVerify() || comparing.repair != null) {
            throw wrong(
                    "--live compares at its cutover and copies what differs again: leave --verify and --repair out");
        }
        if (plan.isDryRun()) {
            throw wrong("--dry-run goes to the end of the scan, and --live beyond it: leave one out");
        }
        if (filters.keysFrom != null || filters.sample != null) {
            throw wrong("--live follows all keys that the other filters take: leave --keys-from and --sample out");
        }
        if (live.pausesWrites() && isOneServer(plan)) {
            throw wrong("--pause-writes would hold up the copy too: --from and --to are one server");
        }
        if (keys.onConflict != null && keys.onConflict != ConflictPolicy.REPLACE && isTargetFilled(plan)) {
            throw wrong("--live writes its own keys again and again, which --on-conflict "
                    + keys.onConflict.name().toLowerCase(Locale.ROOT) + " would take for foreign ones: "
                    + plan.to().place() + " must be empty for that");
        }
    }

    private static boolean isOneServer(Migration.Plan plan) {
        try (RedisConnection source = RedisConnection.open(plan.from().address());
                RedisConnection target = RedisConnection.open(plan.to().address())) {
            String runId = source.info().runId();
            return runId == null
                    ? plan.from().server().equals(plan.to().server())
                    : runId.equals(target.info().runId());
        } catch (IOException e) {
            // the run itself says what is wrong
            return false;
        }
    }

    private static boolean isTargetFilled(Migration.Plan plan) {
        try {
            return WritableServers.of(plan, "target").keys() > 0;
        } catch (IOException e) {
            // the run itself says what is wrong
            return false;
        }
    }

    /** The comparison that the flags ask for. */
    int compare() {
        Logging.setUp(output.silent);
        if (keys.onConflict != null
                || bounds.batchKeys != null
                || bounds.batchBytes != null
                || faults.waitReplicas != null) {
            throw wrong("--on-conflict, --batch-keys, --batch-bytes and --wait-replicas are about a migration");
        }
        if (keys.carryIdle != null) {
            throw wrong("--carry-idle is about a migration: a comparison looks at no idle time");
        }
        if (faults.checkpoint != null || faults.resume != null || faults.restartScan != null) {
            throw wrong("--checkpoint, --resume and --restart-scan are about a migration");
        }
        if (live.isLive() || live.objection() != null) {
            throw wrong("--live and what belongs to it are about a migration");
        }
        if (comparing.verify != null) {
            throw wrong("--verify follows a migration; rump compare compares by itself");
        }
        Migration.Plan plan = plan();
        boolean dryRun = plan.isDryRun();
        if (dryRun) {
            plan.properties().keySet().removeAll(List.of("compare.repair", "compare.prune"));
        }
        refuseWhatIsLost(plan, RouteFile.COMPARE);
        return new Comparison(
                        plan,
                        null,
                        dryRun,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr(),
                        signals)
                .run()
                .number();
    }

    /** Whether both sides are compared after the migration. */
    final boolean verifies() {
        return comparing.isVerify();
    }

    /** The run that the flags and the environment ask for. */
    Migration.Plan plan() {
        Logging.setUp(output.silent);
        for (OptionSpec option : spec.options()) {
            if (option.stringValues().size() > 1 && !option.isMultiValue()) {
                throw wrong(option.longestName() + " is given twice");
            }
        }
        RedisUri from = secured(
                "--from",
                address("--from", servers.from, servers.fromPasswordFile, "RUMP_FROM"),
                sentinels::from,
                tls::from);
        RedisUri to =
                secured("--to", address("--to", servers.to, servers.toPasswordFile, "RUMP_TO"), sentinels::to, tls::to);
        if (bounds.queueBytes != null || bounds.batchBytes != null) {
            long queue = bounds.queueBytes == null ? 16L << 20 : bounds.queueBytes;
            long batch = bounds.batchBytes == null ? 256L << 10 : bounds.batchBytes;
            if (queue < batch) {
                throw wrong("--queue-bytes is smaller than --batch-bytes: a batch would never fill");
            }
        }
        if (faults.waitReplicas != null && faults.waitReplicas < 0) {
            throw wrong("--wait-replicas is smaller than 0");
        }
        if (keys.db != null && from.database() != null) {
            throw wrong("--db and --from name a database both: leave it out of --from");
        }
        if ((keys.db != null || keys.mapDb != null) && to.database() != null) {
            throw wrong(
                    "--to names a database, and with --db or --map-db each goes to the one of its number: leave it out"
                            + " of --to, and write --map-db FROM=" + to.database());
        }
        return new Migration.Plan(
                from,
                to,
                properties(from, to),
                faults.drainFor,
                output.silent,
                output.json,
                output.failedKeys,
                faults.checkpoint,
                live.live());
    }

    private RedisUri address(String flag, @Nullable String given, @Nullable Path passwordFile, String variable) {
        String text = given != null ? given : environment.getOrDefault(variable, "");
        if (text.isEmpty()) {
            throw wrong(flag + " is required: redis://[user:password@]host[:port][/db]");
        }
        try {
            RedisUri uri = RedisUri.parse(text);
            if (uri.password() != null && (given != null || isTyped(flag))) {
                Passwords.hintAtCommandLine(flag, variable);
            }
            RedisUri.Password password = Passwords.choose(passwordFile, uri, environment.get(variable + "_PASSWORD"));
            if (password == null && uri.username() != null) {
                throw new IllegalArgumentException(
                        "has no colon before its @: write redis://:password@host for a password"
                                + " alone, redis://user:password@host for a user, or give the user's password in "
                                + variable
                                + "_PASSWORD");
            }
            return password == null ? uri : uri.with(password);
        } catch (IllegalArgumentException e) {
            throw wrong(flag + " " + e.getMessage());
        }
    }

    /** The launcher turns addresses that were typed into variables, and says so. */
    private boolean isTyped(String flag) {
        return List.of(environment.getOrDefault("RUMP_TYPED", "").split(" ")).contains(flag.substring(2));
    }

    /** With the files that flags name, which are read here once: a wrong one is wrong usage. */
    private RedisUri secured(
            String flag,
            RedisUri uri,
            BiFunction<RedisUri, @Nullable String, RedisUri> sentinelLogIn,
            Function<@Nullable String, TlsFiles> files) {
        String variable = "RUMP_" + flag.substring(2).toUpperCase(Locale.ROOT);
        try {
            RedisUri secured = sentinelLogIn
                    .apply(uri, environment.get(variable + "_SENTINEL_PASSWORD"))
                    .with(files.apply(environment.get(variable + "_KEY_PASSWORD")));
            secured.address();
            return secured;
        } catch (IllegalArgumentException e) {
            throw wrong(flag + "-" + e.getMessage());
        }
    }

    private Map<String, String> properties(RedisUri from, RedisUri to) {
        Map<String, String> properties = new LinkedHashMap<>();
        server(properties, "source", from);
        server(properties, "target", to);
        set(properties, "source.mode", servers.fromMode);
        set(properties, "target.mode", servers.toMode);
        set(properties, "source.read-from", servers.readFrom);
        set(properties, "scan.match", keys.match);
        set(properties, "scan.type", keys.type);
        set(properties, "scan.include-key", lines(filters.includeKey));
        set(properties, "scan.exclude-key", lines(filters.excludeKey));
        set(properties, "scan.include-regex", lines(filters.includeRegex));
        set(properties, "scan.exclude-regex", lines(filters.excludeRegex));
        set(properties, "scan.keys-from", filters.keysFrom);
        set(properties, "scan.sample", filters.sample);
        set(properties, "scan.min-size", filters.minSize);
        set(properties, "scan.max-size", filters.maxSize);
        set(properties, "scan.min-ttl", millis(filters.minTtl));
        set(properties, "scan.max-ttl", millis(filters.maxTtl));
        set(properties, "scan.ttl-as-of", filters.minTtl == null && filters.maxTtl == null ? null : startedAt);
        // the side that reads backwards does not know the database in --from
        String mapped = keys.mapDb == null ? null : from.database() == null ? "0" : "" + from.database();
        set(properties, "scan.db", keys.db == null ? mapped : keys.db);
        set(properties, "scan.map-db", lines(keys.mapDb));
        set(properties, "scan.rename", lines(keys.rename));
        set(properties, "scan.functions", keys.functions);
        set(properties, "scan.count", bounds.scanCount);
        set(properties, "batch.keys", bounds.batchKeys);
        set(properties, "batch.bytes", bounds.batchBytes);
        set(properties, "queue.pages", bounds.queuePages);
        set(properties, "queue.bytes", bounds.queueBytes);
        set(properties, "window.bytes", bounds.windowBytes);
        set(properties, "scan.big-key", bounds.bigKey);
        set(properties, "scan.max-keys-per-second", bounds.maxKeysPerSecond);
        set(properties, "scan.max-bytes-per-second", bounds.maxBytesPerSecond);
        set(properties, "scan.latency-guard", bounds.latencyGuard);
        set(properties, "scan.carry-idle", keys.carryIdle);
        set(
                properties,
                "retry.for",
                faults.retryFor == null && live.isLive() ? RETRY_OF_LIVE_RUN : millis(faults.retryFor));
        set(properties, "restore.ttl", keys.ttl);
        set(properties, "restore.on-conflict", keys.onConflict);
        set(properties, "restore.dry-run", keys.dryRun);
        set(properties, "restore.drop-field-ttl", keys.dropFieldTtl);
        set(properties, "restore.wait-replicas", faults.waitReplicas);
        set(properties, "compare.repair", comparing.repair);
        set(properties, "compare.prune", comparing.prune);
        set(properties, "compare.allow-mass-delete", comparing.allowMassDelete);
        set(
                properties,
                "compare.ttl-tolerance",
                comparing.ttlTolerance == null ? null : comparing.ttlTolerance.millis() + "ms");
        set(properties, "compare.rounds", comparing.rounds);
        set(properties, "checkpoint", faults.checkpoint == null ? null : "#bean:checkpoint");
        set(properties, "resume", faults.resume);
        set(properties, "restart-scan", faults.restartScan);
        if (live.isLive()) {
            set(properties, "live", true);
            set(properties, "live.allow-mass-delete", comparing.allowMassDelete);
            set(properties, "restore.prune", comparing.prune);
        }
        return properties;
    }

    private static void server(Map<String, String> properties, String side, RedisUri uri) {
        if (uri.sentinels() == null) {
            set(properties, side + ".host", uri.host());
            set(properties, side + ".port", uri.port());
        } else {
            set(properties, side + ".sentinels", uri.sentinels().places());
            set(properties, side + ".master-name", uri.sentinels().masterName());
            set(properties, side + ".sentinel-username", uri.sentinels().username());
            set(properties, side + ".sentinel-password", uri.sentinels().password());
        }
        set(properties, side + ".database", uri.database());
        set(properties, side + ".username", uri.username());
        set(
                properties,
                side + ".password",
                uri.password() == null ? null : uri.password().text());
        if (uri.tls() != null) {
            set(properties, side + ".tls", true);
            set(properties, side + ".ca", uri.tls().ca());
            set(properties, side + ".cert", uri.tls().cert());
            set(properties, side + ".key", uri.tls().key());
            set(properties, side + ".key-password", uri.tls().keyPassword());
            set(properties, side + ".sni", uri.tls().sni());
            set(properties, side + ".insecure", uri.tls().insecure() ? true : null);
        }
    }

    private static @Nullable String millis(@Nullable Span span) {
        return span == null ? null : span.millis() + "ms";
    }

    private static @Nullable String lines(@Nullable List<String> values) {
        return values == null ? null : String.join("\n", values);
    }

    private static void set(Map<String, String> properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.put(name, value.toString());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
