package io.camelrump.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redis.clients.jedis.Jedis;

/** Migrates between two servers of its own, and proves that the target then holds the same. */
@Command(
        name = "demo",
        description = "Starts two Redis servers, fills one, migrates it to the other and compares the two.")
final class DemoCommand implements Callable<Integer> {
    private final StopSignals signals;

    /** The passwords there are not meant for the servers of the demo. */
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "100000",
            converter = CountConverter.class,
            description = "Keys to migrate. Default: ${DEFAULT-VALUE}.")
    private int keys;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    private boolean help;

    DemoCommand(StopSignals signals) {
        this.signals = signals;
    }

    @Override
    public Integer call() throws Exception {
        try (DemoServers servers = DemoServers.start()) {
            say("Two Redis servers run on ports " + servers.sourcePort() + " and " + servers.targetPort()
                    + " of this machine. Filling the first with " + keys + " keys ...");
            DemoData.fill(servers.sourcePort(), keys);
            String[] arguments = {
                "--from", "redis://127.0.0.1:" + servers.sourcePort(),
                "--to", "redis://127.0.0.1:" + servers.targetPort(),
                // a Ctrl-C ends the two servers as well
                "--drain-for", "2s"
            };
            CommandLine migration = Rump.commandLine(NO_ENVIRONMENT, signals)
                    .setOut(spec.commandLine().getOut())
                    .setErr(spec.commandLine().getErr());
            say("rump -from " + arguments[1] + " -to " + arguments[3]);
            int code = migration.execute(arguments);
            return code == ExitCode.COMPLETE.number() ? prove(servers) : code;
        }
    }

    private int prove(DemoServers servers) {
        try (Jedis source = new Jedis("127.0.0.1", servers.sourcePort());
                Jedis target = new Jedis("127.0.0.1", servers.targetPort())) {
            EqualityProof.Result result = EqualityProof.compare(source, target, Duration.ofMillis(5));
            if (result.isEqual()) {
                say(String.format(
                        Locale.ROOT,
                        "equal: %,d keys, compared by type, value, expiry and stream groups",
                        result.keys()));
                return ExitCode.COMPLETE.number();
            }
            say("different: " + result.differing() + " differences");
            result.differences().forEach(this::say);
            return ExitCode.DIFFERENT.number();
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
