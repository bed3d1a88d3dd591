package io.camelrump.cli;

import io.camelrump.check.Check;
import io.camelrump.check.WayBackCheck;
import io.camelrump.cli.flags.Passwords;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.needs.Finding;
import io.camelrump.needs.Finding.Verdict;
import io.camelrump.needs.Intent;
import io.camelrump.needs.SentinelPause;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.SwappedAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flags of a check: those of the migration that it is about. */
final class CheckCommand extends RumpCommand {
    static final CommandText TEXT = new CommandText(
            "check",
            List.of("rump check -from redis://[user:password@]host[:port][/db] -to redis://... [options]"),
            List.of(
                    "Check whether both servers are ready for a migration with these flags, and say what to do where they "
                            + "are not.",
                    "Nothing is written to either server."),
            List.of(
                    "  rump check -from redis://old:6379 -to redis://new:6379",
                    "  rump check -from redis://reader@old -to redis://new --on-conflict keep --json check.json",
                    "",
                    "Exit codes:",
                    "    0  ready",
                    "    1  a server cannot be reached, or refuses the log-in",
                    "    2  wrong usage",
                    "    3  Java ran out of memory: raise the heap by RUMP_JAVA_OPTS=-Xmx...",
                    "    4  not ready",
                    "  129, 130, 143  stopped by SIGHUP, SIGINT or SIGTERM"));

    CheckCommand(Map<String, String> environment, StopSignals signals) {
        super(environment, signals, TEXT);
    }

    @Override
    public Integer call() throws InterruptedException {
        RunPlan plan = plan();
        refuse(
                plan.isBetweenServers()
                        ? null
                        : "a check is about two servers, and one side is a file: a run tries its file, and the rights at"
                                + " its server, before the first key");
        refuse(live.isWayBack() ? ReversePlan.objection(plan) : null);
        for (RunRoutes routes : RunRoutes.ofMigration(plan, verifies())) {
            refuse(routes.objection(OtherUsers.ofThisProcess()));
        }
        try (RunFiles files = files(content(plan, List.of(), ExitCode.FAILED, ""))) {
            return check(plan, files).number();
        }
    }

    private ExitCode check(RunPlan plan, RunFiles files) throws InterruptedException {
        List<Finding> findings;
        try {
            // it says how things are now, unless it was asked to wait
            findings = spec.commandLine().getParseResult().hasMatchedOption("--retry-for")
                    ? FirstLook.awaited(plan, () -> findings(plan))
                    : findings(plan);
        } catch (RedisException e) {
            String error = e.getMessage() + Passwords.hint(plan.from(), plan.to(), e);
            return signals.lastWords().speak(() -> {
                spec.commandLine().getErr().println("rump: " + error);
                files.write(content(plan, List.of(), ExitCode.FAILED, error));
                return ExitCode.FAILED;
            });
        }
        return signals.lastWords().speak(() -> report(plan, files, findings));
    }

    private ExitCode report(RunPlan plan, RunFiles files, List<Finding> findings) {
        boolean ready = findings.stream().noneMatch(finding -> finding.verdict() == Verdict.NO);
        ExitCode code = ready ? ExitCode.COMPLETE : ExitCode.NOT_READY;
        if (!plan.silent()) {
            print(findings, ready, files.out());
        }
        boolean written = files.write(content(plan, findings, code, null)) == null;
        return written ? code : code.worse(ExitCode.FAILED);
    }

    private List<Finding> findings(RunPlan plan) {
        Set<Intent.Need> more = EnumSet.noneOf(Intent.Need.class);
        if (verifies()) {
            more.add(Intent.Need.COMPARING);
        }
        if (isFirstLookDue(plan)) {
            more.add(Intent.Need.FIRST_LOOK);
        }
        List<Finding> findings = new ArrayList<>(Check.run(
                plan.from().redis().address().withDatabase(0),
                plan.to().redis().address().withDatabase(0),
                RunIntent.of(plan, more)));
        if (isFirstLookDue(plan)) {
            findings.addAll(firstLook(plan));
        }
        Finding pause = SentinelPause.early(plan.from().redis().address(), plan.pauseWrites());
        if (pause != null) {
            findings.add(pause);
        }
        if (live.isWayBack()) {
            findings.addAll(wayBack(plan));
        }
        return findings;
    }

    private static List<Finding> wayBack(RunPlan plan) {
        RunPlan back = ReversePlan.of(plan);
        return WayBackCheck.run(
                back.from().redis().address().withDatabase(0),
                back.to().redis().address().withDatabase(0),
                RunIntent.of(back, EnumSet.of(Intent.Need.UNDER_WAY)),
                plan.resumes());
    }

    /** A reason for which a run with these flags would end before its first key. */
    private static List<Finding> firstLook(RunPlan plan) {
        try (BothSides sides = new BothSides(plan)) {
            SwappedAddresses.Objection objection = FirstLook.objection(plan, sides);
            return objection == null
                    ? List.of()
                    : List.of(new Finding("addresses", Verdict.NO, objection.found(), objection.advice()));
        } catch (IOException e) {
            throw ErrorText.failure(plan.to().redis().address(), e);
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            return List.of(
                    new Finding("addresses", Verdict.NOTE, "not known whether they are swapped", e.getMessage()));
        }
    }

    private Map<String, Object> content(RunPlan plan, List<Finding> findings, ExitCode code, @Nullable String error) {
        return JsonContent.of(plan, findings, code, error, startedAt());
    }

    @Override
    Map<String, Object> early(ExitCode code, String error) {
        return JsonContent.of(null, List.of(), code, error, startedAt());
    }

    private static void print(List<Finding> findings, boolean ready, PrintWriter out) {
        int width = findings.stream()
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        String indent = " ".repeat(width + 7);
        for (Finding finding : findings) {
            out.println(String.format(
                    Locale.ROOT,
                    "%-4s  %-" + width + "s %s",
                    finding.verdict().name().toLowerCase(Locale.ROOT),
                    finding.name(),
                    finding.found()));
            if (!finding.toDo().isEmpty()) {
                out.println(indent + "-> " + finding.toDo());
            }
        }
        out.println(ready ? "READY" : "NOT READY");
        out.flush();
    }
}
