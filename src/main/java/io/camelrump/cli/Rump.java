package io.camelrump.cli;

import java.util.Map;
import picocli.CommandLine;

/** Starts the command. */
public final class Rump {
    private Rump() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.getenv(), StopSignals.install()));
    }

    static int run(String[] arguments, Map<String, String> environment, StopSignals signals) {
        CommandLine command = commandLine(environment, signals);
        return command.execute(Arguments.withTwoDashes(
                arguments, command.getCommandSpec().optionsMap().keySet()));
    }

    static CommandLine commandLine(Map<String, String> environment, StopSignals signals) {
        return new CommandLine(new RumpCommand(environment, signals))
                .addSubcommand(new CompareCommand(environment, signals))
                .addSubcommand(new CheckCommand(environment, signals))
                .addSubcommand(new DemoCommand(signals))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(Rump::wrongUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    private static int wrongUsage(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String message = Arguments.withoutPasswords(String.valueOf(wrong.getMessage()), arguments);
        command.getErr().println("rump: " + message.lines().findFirst().orElse("wrong usage"));
        command.getErr().println("Try rump --help.");
        return ExitCode.USAGE.number();
    }

    private static int failed(Exception failure, CommandLine command) {
        Failure told = Failure.of(failure);
        command.getErr().println("rump: " + told.message());
        if (Logging.showsTraces()) {
            failure.printStackTrace(command.getErr());
        }
        return told.code().number();
    }
}
