package io.camelrump.cli;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.cli.demo.DemoServers;
import io.camelrump.cli.flags.Flag;
import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Migrates between two servers of its own, which serve nothing else, and compares the two. */
final class DemoCommand implements Callable<Integer> {
    static final CommandText TEXT = new CommandText(
            "demo",
            List.of(),
            List.of("Start two Redis servers, fill one, migrate it to the other, and compare the two."),
            List.of());

    private final StopSignals signals;

    /** A command may take so long on a busy machine: DEBUG DIGEST reads every value. */
    private static final int REPLY_MILLIS = 60_000;
    /** Digits shown of forty; a difference changes each of them. */
    private static final int SHOWN_OF_DIGEST = 12;

    /** Flags of the demo alone. */
    private static final class Flags extends FlagGroup {
        final Flag<Integer> keys = count("--keys", "Migrate N keys.").otherwise("100000", 100_000);
        final Flag<List<String>> routes = texts(
                "--routes",
                "FILE",
                "Run the routes in FILE instead of the pipeline. Repeatable. Default: the pipeline.");

        Flags() {
            super("Demo");
            help();
        }
    }

    private final Flags flags = new Flags();
    final CommandSpec spec;

    DemoCommand(StopSignals signals) {
        this.signals = signals;
        spec = TEXT.spec(this);
        flags.addTo(spec);
        spec.usageMessage().sortOptions(true);
    }

    @Override
    public Integer call() throws Exception {
        try (DemoServers servers = DemoServers.start(signals)) {
            say("Two Redis servers run on ports " + servers.sourcePort() + " and " + servers.targetPort()
                    + " of this machine, for this demo alone. Filling the first with " + flags.keys.value()
                    + " keys ...");
            try (Jedis source = servers.connect(servers.sourcePort(), REPLY_MILLIS)) {
                DemoData.fill(source, flags.keys.value());
            }
            List<String> line = new ArrayList<>(List.of(
                    "--from",
                    "redis://127.0.0.1:" + servers.sourcePort(),
                    "--to",
                    "redis://127.0.0.1:" + servers.targetPort(),
                    // a Ctrl-C ends the two servers as well
                    "--drain-for",
                    "2s",
                    "--verify"));
            for (String file : flags.routes.valueOr(List.of())) {
                line.addAll(List.of("--routes", file));
            }
            String[] arguments = line.toArray(String[]::new);
            // and nothing of the user's environment, which is not meant for the servers of the demo
            Map<String, String> environment =
                    Map.of("RUMP_FROM_PASSWORD", servers.password(), "RUMP_TO_PASSWORD", servers.password());
            CommandLine migration = Rump.commandLine(arguments, environment, signals)
                    .setOut(spec.commandLine().getOut())
                    .setErr(spec.commandLine().getErr());
            say("rump -from " + arguments[1] + " -to " + arguments[3] + " --verify");
            int code = migration.execute(arguments);
            return code == ExitCode.COMPLETE.number() ? compareDigests(servers) : code;
        }
    }

    /** Compares the servers' own digests of their data, so that rump is not the only judge of its copy. */
    private int compareDigests(DemoServers servers) {
        String source = digest(servers, servers.sourcePort());
        String target = digest(servers, servers.targetPort());
        say("DEBUG DIGEST: " + source + " of the source, " + target + " of the target");
        return (source.equals(target) ? ExitCode.COMPLETE : ExitCode.DIFFERENT).number();
    }

    private static String digest(DemoServers servers, int port) {
        try (Jedis jedis = servers.connect(port, REPLY_MILLIS)) {
            byte[] digest = (byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST");
            return SafeEncoder.encode(digest).substring(0, SHOWN_OF_DIGEST);
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
