package io.camelrump.cli;

import io.camelrump.cli.process.Arguments;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.fixtures.ServerPair;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What one call of the command gave. */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(String... arguments) {
        return with(Map.of(), arguments);
    }

    /** A live run between two servers; the tests' own writers are not spared, as on a busy machine that takes long. */
    static CommandRun live(ServerPair servers, String... flags) {
        Stream<String> all =
                Stream.of("-from=" + servers.from(), "-to=" + servers.to(), "--live", "--latency-guard=off");
        return of(Stream.concat(all, Stream.of(flags)).toArray(String[]::new));
    }

    static CommandRun with(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Rump.commandLine(arguments, environment, StopSignals.none())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int exitCode = command.execute(Arguments.withTwoDashes(
                arguments, command.getCommandSpec().optionsMap().keySet()));
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
