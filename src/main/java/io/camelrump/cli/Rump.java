package io.camelrump.cli;

import io.camelrump.OutputFile;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Starts the command. */
public final class Rump {
    private static final Set<String> NAME_OTHER_COMMANDS = Set.of("compare", "check", "demo", "-h", "-help", "--help");

    private Rump() {}

    public static void main(String[] arguments) {
        StopSignals signals = StopSignals.install();
        String undecoded =
                Arguments.undecoded(arguments, System.getenv(), System.getProperty("sun.jnu.encoding", "UTF-8"));
        if (undecoded != null) {
            System.err.println("rump: " + undecoded);
            System.exit(ExitCode.USAGE.number());
        }
        System.exit(run(arguments, System.getenv(), signals));
    }

    static int run(String[] arguments, Map<String, String> environment, StopSignals signals) {
        CommandLine command = commandLine(arguments, environment, signals);
        return command.execute(Arguments.withTwoDashes(
                arguments, command.getCommandSpec().optionsMap().keySet()));
    }

    static CommandLine commandLine(String[] arguments, Map<String, String> environment, StopSignals signals) {
        CommandLine command = new CommandLine(new RumpCommand(environment, signals));
        // making them is a tenth of the work of a start
        if (Stream.of(arguments).anyMatch(NAME_OTHER_COMMANDS::contains)) {
            command.addSubcommand(new CompareCommand(environment, signals))
                    .addSubcommand(new CheckCommand(environment, signals))
                    .addSubcommand(new DemoCommand(signals));
        }
        return command.setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(new WrongUsage())
                .setExecutionExceptionHandler(new Failed());
    }

    /** Writes the summary for machines of a call that could not begin: an older one is not to be taken for its own. */
    private static void write(CommandLine command, String[] arguments, Failure failure) {
        if (!(command.getCommandSpec().userObject() instanceof RumpCommand called)) {
            return;
        }
        for (OutputFile file :
                NamedFiles.typed(command.getCommandSpec(), arguments).json()) {
            try (JsonFile json = JsonFile.to(file, command.getOut(), command.getErr())) {
                json.write(called.early(failure.code(), failure.message()));
            } catch (IOException e) {
                if (!failure.message().contains("--json")) {
                    command.getErr().println("rump: --json " + file + " can not be written: " + OutputFile.reason(e));
                }
            }
        }
    }

    /**
     * A class as {@link Failed} is one: Java links the interface of a lambda while it archives classes, and leaves those of
     * picocli, compiled for Java 5, out of the archive then.
     */
    private static final class WrongUsage implements CommandLine.IParameterExceptionHandler {
        @Override
        public int handleParseException(CommandLine.ParameterException wrong, String[] arguments) {
            CommandLine command = wrong.getCommandLine();
            String message = Arguments.withoutPasswords(String.valueOf(wrong.getMessage()), arguments)
                    .lines()
                    .findFirst()
                    .orElse("wrong usage");
            command.getErr().println("rump: " + message);
            command.getErr().println("Try rump --help.");
            write(command, arguments, new Failure(ExitCode.USAGE, message));
            return ExitCode.USAGE.number();
        }
    }

    private static final class Failed implements CommandLine.IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
            Failure told = Failure.of(failure);
            command.getErr().println("rump: " + told.message());
            if (Logging.showsTraces()) {
                failure.printStackTrace(command.getErr());
            }
            write(command, parsed.originalArgs().toArray(String[]::new), told);
            return told.code().number();
        }
    }
}
