package io.camelrump.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** What one call of the command gave. */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(String... arguments) {
        return with(Map.of(), arguments);
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
