package io.camelrump.cli;

import io.camelrump.cli.demo.DemoServers;
import io.camelrump.cli.demo.StandIn;
import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;

/** Does once what most calls do, so that Java can record which classes that takes. Nothing is printed. */
final class Rehearsal {
    /** Enough for sizes to be asked for, and for batches to follow each other. */
    private static final int KEYS = 40_000;

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        StopSignals signals = StopSignals.install();
        execute(signals, "--help");
        execute(signals, "--version");
        System.exit(
                DemoServers.areBundled() ? execute(signals, "demo", "--keys", String.valueOf(KEYS)) : copy(signals));
    }

    private static int copy(StopSignals signals) throws IOException {
        try (StandIn source = new StandIn(KEYS, false);
                StandIn target = new StandIn(KEYS, true)) {
            return execute(signals, "--from", source.uri(), "--to", target.uri(), "--verify");
        }
    }

    private static int execute(StopSignals signals, String... words) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return Rump.commandLine(words, Map.of(), signals)
                .setOut(nowhere)
                .setErr(nowhere)
                .execute(words);
    }
}
