package io.camelrump.cli;

import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** Prints the script by which a shell completes what is typed. */
final class CompletionCommand implements Callable<Integer> {
    static final CommandText TEXT = new CommandText(
            "completion",
            List.of("rump completion"),
            List.of("Print a script by which bash and zsh complete commands, flags and values."),
            List.of("  source <(rump completion)", "  rump completion > /etc/bash_completion.d/rump"));

    final CommandSpec spec = TEXT.spec(this).addOption(FlagGroup.helpFlag().build());

    @Override
    public Integer call() {
        String[] commands = HelpText.commands().stream().map(CommandText::name).toArray(String[]::new);
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("rump", Rump.commandLine(commands, Map.of(), StopSignals.none())));
        out.flush();
        return ExitCode.COMPLETE.number();
    }
}
