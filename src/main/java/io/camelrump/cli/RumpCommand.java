package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.UsageException;
import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.CompareFlags;
import io.camelrump.cli.flags.ControlFlags;
import io.camelrump.cli.flags.FaultFlags;
import io.camelrump.cli.flags.FileFlags;
import io.camelrump.cli.flags.FileUri;
import io.camelrump.cli.flags.FilterFlags;
import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.flags.FlagNames;
import io.camelrump.cli.flags.KeyFlags;
import io.camelrump.cli.flags.LiveFlags;
import io.camelrump.cli.flags.OutputFlags;
import io.camelrump.cli.flags.RouteFlags;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.flags.SentinelFlags;
import io.camelrump.cli.flags.ServerFlags;
import io.camelrump.cli.flags.ShardFlags;
import io.camelrump.cli.flags.SpeedFlags;
import io.camelrump.cli.flags.TlsFlags;
import io.camelrump.cli.flags.WatchFlags;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.NameLookups;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.cli.process.Version;
import io.camelrump.needs.SentinelPause;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.SwappedAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The flags, checked, and handed to a {@link Migration}. A flag that is not given sets nothing: defaults stand at the
 * endpoint.
 */
class RumpCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    final StopSignals signals;
    private final long startedAt = System.currentTimeMillis();

    final CommandSpec spec;
    final List<FlagGroup> groups;
    private final ServerFlags servers = new ServerFlags();
    private final KeyFlags keys = new KeyFlags();
    private final FilterFlags filters = new FilterFlags();
    private final SpeedFlags speed = new SpeedFlags();
    private final FaultFlags faults = new FaultFlags();
    private final CompareFlags comparing = new CompareFlags();
    final LiveFlags live = new LiveFlags();
    private final ControlFlags control = new ControlFlags();
    private final WatchFlags watch = new WatchFlags();
    private final OutputFlags output = new OutputFlags();
    private final RouteFlags own = new RouteFlags();
    private final ShardFlags shards = new ShardFlags();
    private final TlsFlags tls = new TlsFlags();
    private final SentinelFlags sentinels = new SentinelFlags();

    RumpCommand(Map<String, String> environment, StopSignals signals) {
        this(environment, signals, MigrationHelp.TEXT);
    }

    RumpCommand(Map<String, String> environment, StopSignals signals, CommandText text) {
        this.environment = environment;
        this.signals = signals;
        groups = List.of(
                servers, keys, filters, speed, faults, shards, comparing, live, control, watch, output, own, tls,
                sentinels);
        spec = new HelpText(text, groups).spec(this).versionProvider(new Version());
        for (FlagGroup group : groups) {
            group.addTo(spec);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.setUp(output.isSilent());
        RunPlan plan = plan();
        if (comparing.isGiven() && !comparing.isVerify() && !live.isLive()) {
            throw wrong("--repair, --prune, --allow-mass-delete and --rounds are about a comparison: add --verify");
        }
        refuseLive(plan);
        refuse(comparing.isVerify() ? FileComparison.objection(spec, plan.from(), plan.to()) : null);
        if (!faults.checkpoint.isGiven() && (faults.resume.isGiven() || faults.restartScan.isGiven())) {
            throw wrong("--resume and --restart-scan are about a --checkpoint: name it");
        }
        if (faults.checkpoint.isGiven() && (plan.isDryRun() || filters.isPartOfScan())) {
            throw wrong("--checkpoint is about a whole scan: leave --dry-run, --keys-from and --sample out");
        }
        if (comparing.isVerify() && plan.isDryRun()) {
            throw wrong("--dry-run writes nothing that --verify could compare");
        }
        for (RunRoutes routes : RunRoutes.ofMigration(plan, verifies())) {
            refuseWhatIsLost(plan, routes);
        }
        try (BothSides sides = new BothSides(plan)) {
            return run(isFirstLookDue(plan) ? lookedAt(plan, sides) : plan, sides)
                    .number();
        }
    }

    private ExitCode run(RunPlan plan, BothSides sides) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Summary notEnded = Summary.early(ExitCode.FAILED, "", startedAt());
        try (RunFiles files = files(JsonContent.of(plan, notEnded, null, ExitCode.FAILED));
                Ports ports = Ports.of(control, watch, environment, signals);
                ShardRun others = ShardRun.of(plan, shards.patience(), signals, files.out(), err)) {
            files.meet(sides);
            WayBack back = wayBack(plan, files);
            Migration migration = new Migration(plan, files, err, signals, back, ports, others, verifies());
            if (back != null && back.isUnderWay()) {
                return migration.resumeWayBack(back).code();
            }
            Summary summary = migration.run(sides);
            return summary.isCopied() && verifies()
                    ? new Comparison(plan, summary, migration.kept(), others, false, files, ports, err, signals).run()
                    : summary.code();
        }
    }

    private @Nullable WayBack wayBack(RunPlan plan, RunFiles files) throws InterruptedException {
        try {
            return live.isWayBack()
                    ? WayBack.of(
                            plan,
                            live.clients(),
                            files.failedKeys(),
                            signals,
                            new Speech(plan, spec.commandLine().getErr()))
                    : null;
        } catch (UsageException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a run with these flags looks for swapped addresses. */
    final boolean isFirstLookDue(RunPlan plan) {
        return plan.isBetweenServers() && !keys.onConflict.isGiven() && !plan.resumes();
    }

    /** The plan after a look for swapped addresses, which the run need not repeat if both servers answered. */
    private RunPlan lookedAt(RunPlan plan, BothSides sides) {
        try {
            SwappedAddresses.Objection objection = FirstLook.objection(plan, sides);
            refuse(objection == null ? null : objection.toString());
            return plan.replacing();
        } catch (IOException | RedisException e) {
            // the run waits for both servers, and looks then
            return plan;
        }
    }

    /**
     * The files that are written, which say from now on that the run has not ended.
     *
     * @param content of a run that did nothing
     */
    final RunFiles files(Map<String, Object> content) {
        signals.lastWords().patience(faults.drainFor.value().duration());
        try {
            return signals.lastWords()
                    .whole(() -> RunFiles.open(
                            output,
                            RunFacts.of(spec),
                            content,
                            spec.commandLine().getOut(),
                            spec.commandLine().getErr()));
        } catch (UsageException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    final Instant startedAt() {
        return Instant.ofEpochMilli(startedAt);
    }

    /** The document of a call that could not begin. */
    Map<String, Object> early(ExitCode code, String error) {
        return JsonContent.of(null, Summary.early(code, error, startedAt()), null, code);
    }

    /** The routes that the command runs first. */
    RunRoutes routes(@Nullable List<Path> chosen) {
        return RunRoutes.migrating(chosen);
    }

    /** Refuses a flag that has no effect on the user's own routes, so that nobody believes it holds. */
    private void refuseWhatIsLost(RunPlan plan, RunRoutes routes) {
        refuse(routes.objection(OtherUsers.ofThisProcess()));
        Map<String, String> properties = plan.propertiesFor(routes);
        FlagNames names = new FlagNames(spec);
        refuse(routes.objection(properties, names::given));
        refuse(routes.objection(properties.keySet(), names::given, new PropertiesBeside(environment)::find));
        routes.announce();
    }

    private void refuseLive(RunPlan plan) throws InterruptedException {
        refuse(live.objection());
        refuse(live.isWayBack() ? ReversePlan.objection(plan) : null);
        if (!live.isLive()) {
            return;
        }
        if (comparing.isVerify() || comparing.repair.isGiven()) {
            throw wrong(
                    "--live compares at its cutover and copies what differs again: leave --verify and --repair out");
        }
        if (plan.isDryRun()) {
            throw wrong("--dry-run goes to the end of the scan, and --live beyond it: leave one out");
        }
        if (filters.isPartOfScan()) {
            throw wrong("--live follows all keys that the other filters take: leave --keys-from and --sample out");
        }
        if (live.pausesWrites() && FirstLook.isOneServer(plan)) {
            throw wrong("--pause-writes would hold up the copy too: --from and --to are one server");
        }
        refuse(SentinelPause.text(SentinelPause.early(plan.from().redis().address(), plan.pauseWrites())));
        if (keys.onConflict.isGiven()
                && keys.onConflict.value() != ConflictPolicy.REPLACE
                && FirstLook.isTargetFilled(plan)) {
            throw wrong("--live writes its own keys again and again, which --on-conflict "
                    + keys.onConflict.value().name().toLowerCase(Locale.ROOT) + " would take for foreign ones: "
                    + plan.to().place() + " must be empty for that");
        }
    }

    /** The comparison that the flags ask for. */
    int compare() {
        Logging.setUp(output.isSilent());
        refuseMigration();
        RunPlan plan = plan();
        refuse(FileComparison.objection(spec, plan.from(), plan.to()));
        boolean dryRun = plan.isDryRun();
        if (dryRun) {
            plan.properties()
                    .keySet()
                    .removeAll(List.of(RouteProperties.ALL + "repair", RouteProperties.ALL + "prune"));
        }
        refuseWhatIsLost(plan, plan.routes());
        try (RunFiles files = files(JsonContent.of(plan, Report.early(ExitCode.FAILED, "", startedAt())));
                BothSides sides = new BothSides(plan);
                Ports ports = Ports.of(control, watch, environment, signals)) {
            files.meet(sides);
            PrintWriter err = spec.commandLine().getErr();
            return new Comparison(plan, null, null, null, dryRun, files, ports, err, signals)
                    .run()
                    .number();
        }
    }

    /** Refuses flags that mean nothing to a comparison. */
    private void refuseMigration() {
        if (keys.onConflict.isGiven()
                || speed.batchKeys.isGiven()
                || speed.batchBytes.isGiven()
                || faults.waitReplicas.isGiven()) {
            throw wrong("--on-conflict, --batch-keys, --batch-bytes and --wait-replicas are about a migration");
        }
        if (keys.carryIdle.isGiven()) {
            throw wrong("--carry-idle is about a migration: a comparison looks at no idle time");
        }
        if (faults.checkpoint.isGiven() || faults.resume.isGiven() || faults.restartScan.isGiven()) {
            throw wrong("--checkpoint, --resume and --restart-scan are about a migration");
        }
        if (live.isLive() || live.objection() != null) {
            throw wrong("--live and what belongs to it are about a migration");
        }
        if (control.port.isGiven()) {
            throw wrong("--control-port is about a migration");
        }
        if (comparing.verify.isGiven()) {
            throw wrong("--verify follows a migration; rump compare compares by itself");
        }
    }

    /** Whether both sides are compared after the migration. */
    final boolean verifies() {
        return comparing.isVerify();
    }

    /** The run that the flags and the environment ask for. */
    RunPlan plan() {
        Logging.setUp(output.isSilent());
        NameLookups.repeatAtOnce();
        signals.onFirst(EarlyEnd.bySignal(spec.commandLine(), signals));
        for (OptionSpec option : spec.options()) {
            if (option.stringValues().size() > 1 && !option.isMultiValue()) {
                throw wrong(option.longestName() + " is given twice");
            }
            if (option.stringValues().contains("")) {
                throw wrong(option.longestName() + " is empty: is a variable unset?");
            }
        }
        refuse(NamedFiles.parsed(spec).objection());
        Address from = address(Addresses::from);
        Address to = address(Addresses::to);
        keepForKeys(to);
        refuse(FileFlags.objection(spec, from, to));
        refuse(speed.objection());
        refuse(faults.objection());
        refuse(control.objection(watch.ui.isGiven()));
        refuse(watch.objection());
        refuse(shards.objection(environment, from));
        refuseDatabases(from, to);
        refuse(filters.keepPiped(signals));
        return new RunPlan(
                from,
                to,
                properties(from, to),
                faults.drainFor.value(),
                output.isSilent(),
                faults.checkpoint.value(),
                live.live(),
                routes(own.routes.value()));
    }

    private Address address(Function<Addresses, Address> side) {
        try {
            return side.apply(new Addresses(environment, servers, tls, sentinels));
        } catch (UsageException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Leaves standard output to the keys, if they go there: all texts go to standard error then. */
    private void keepForKeys(Address to) {
        if (to instanceof FileUri file && file.isStandardOutput()) {
            refuse(
                    Progress.isTerminal(Progress.STANDARD_OUTPUT)
                            ? "--to " + file + " would fill this terminal with bytes: lead them into a pipe or a file"
                            : null);
            spec.commandLine().setOut(spec.commandLine().getErr());
        }
    }

    /** The variable of this name, which may hold an address. */
    @Nullable
    String variable(String name) {
        return environment.get(name);
    }

    private void refuseDatabases(Address from, Address to) {
        if (keys.db.isGiven() && from.database() != null) {
            throw wrong("--db and --from name a database both: leave it out of --from");
        }
        if ((keys.db.isGiven() || keys.mapDb.isGiven()) && to.database() != null) {
            throw wrong(
                    "--to names a database, and with --db or --map-db each goes to the one of its number: leave it out"
                            + " of --to, and write --map-db FROM=" + to.database());
        }
        refuse(keys.objection(from.database()));
    }

    private Map<String, String> properties(Address from, Address to) {
        RouteProperties properties = new RouteProperties();
        properties.side(RouteProperties.SOURCE, from);
        properties.side(RouteProperties.TARGET, to);
        servers.put(properties);
        keys.put(properties, from.database());
        filters.put(properties, startedAt);
        speed.put(properties);
        faults.put(properties, live.isLive());
        comparing.put(properties);
        live.put(properties);
        properties.all("shard", shards.shard(environment));
        return properties.asMap();
    }

    final void refuse(@Nullable String objection) {
        if (objection != null) {
            throw wrong(objection);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
