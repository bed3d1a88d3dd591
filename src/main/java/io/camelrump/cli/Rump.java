package io.camelrump.cli;

import io.camelrump.cli.output.LogFormat;
import io.camelrump.cli.process.Arguments;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.LastWords;
import io.camelrump.cli.process.StopSignals;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Starts the command. */
public final class Rump {
    static {
        // the converters of java.sql and java.time, which no flag has, are a tenth of the work of a call for help
        System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
    }

    private Rump() {}

    public static void main(String[] arguments) {
        StopSignals signals = StopSignals.install();
        Logging.open(LogFormat.typed(arguments));
        String undecoded = Arguments.undecoded(arguments, System.getenv(), Arguments.charset());
        if (undecoded != null) {
            refuse(arguments, undecoded);
            System.exit(ExitCode.USAGE.number());
        }
        System.exit(run(arguments, System.getenv(), signals));
    }

    static int run(String[] arguments, Map<String, String> environment, StopSignals signals) {
        CommandLine command = commandLine(arguments, environment, signals);
        Set<String> flags = new HashSet<>(command.getCommandSpec().optionsMap().keySet());
        command.getSubcommands()
                .values()
                .forEach(other ->
                        flags.addAll(other.getCommandSpec().optionsMap().keySet()));
        return command.execute(Arguments.withTwoDashes(arguments, flags));
    }

    static CommandLine commandLine(String[] arguments, Map<String, String> environment, StopSignals signals) {
        CommandLine command = new CommandLine(new RumpCommand(environment, signals).spec);
        // making them is a tenth of the work of a start
        for (String name : new TreeSet<>(List.of(arguments))) {
            CommandSpec named = named(name, environment, signals);
            if (named != null) {
                command.addSubcommand(named);
            }
        }
        return command.setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                // a key may be called as a command is
                .setAllowSubcommandsAsOptionParameters(true)
                .setUsageHelpWidth(HelpText.WIDTH)
                // which it is refused for by name
                .setOverwrittenOptionsAllowed(true)
                .setParameterExceptionHandler(new WrongUsage(signals.lastWords()))
                .setExecutionExceptionHandler(new Failed(signals.lastWords()));
    }

    private static @Nullable CommandSpec named(String name, Map<String, String> environment, StopSignals signals) {
        return switch (name) {
            case "compare" -> new CompareCommand(environment, signals).spec;
            case "check" -> new CheckCommand(environment, signals).spec;
            case "demo" -> new DemoCommand(signals).spec;
            case "routes" -> new RoutesCommand().spec;
            case "completion" -> new CompletionCommand().spec;
            case "report" -> new ReportCommand().spec;
            default -> ControlCommand.named(name, environment);
        };
    }

    /** Reports an objection to the words themselves, by the command that they name. */
    static void refuse(String[] arguments, String objection) {
        CommandLine command = commandLine(arguments, System.getenv(), StopSignals.none());
        CommandLine called =
                arguments.length == 0 ? command : command.getSubcommands().getOrDefault(arguments[0], command);
        command.getErr().println("rump: " + objection);
        String[] words = Arguments.withTwoDashes(
                arguments, called.getCommandSpec().optionsMap().keySet());
        NamedFiles files = NamedFiles.typed(called.getCommandSpec(), Arguments.decoded(words));
        EarlyEnd.write(called, files, new Failure(ExitCode.USAGE, objection));
    }

    /** Reports in one line what was typed wrong. */
    private record WrongUsage(LastWords words) implements CommandLine.IParameterExceptionHandler {
        @Override
        public int handleParseException(CommandLine.ParameterException wrong, String[] arguments) {
            return words.speak(() -> report(wrong, arguments));
        }

        private static int report(CommandLine.ParameterException wrong, String[] arguments) {
            CommandLine command = wrong.getCommandLine();
            String message = Arguments.withoutPasswords(String.valueOf(wrong.getMessage()), arguments)
                    .lines()
                    .findFirst()
                    .orElse("wrong usage");
            command.getErr().println("rump: " + message + DidYouMean.of(wrong));
            command.getErr().println("Try rump --help.");
            EarlyEnd.write(
                    command,
                    NamedFiles.typed(command.getCommandSpec(), arguments),
                    new Failure(ExitCode.USAGE, message));
            return ExitCode.USAGE.number();
        }
    }

    private record Failed(LastWords words) implements CommandLine.IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
            return words.speak(() -> report(failure, command, parsed));
        }

        private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
            Failure reported = Failure.of(failure);
            command.getErr().println("rump: " + reported.message());
            Logging.trace(failure, command.getErr());
            String[] arguments = parsed.originalArgs().toArray(String[]::new);
            EarlyEnd.write(
                    command,
                    NamedFiles.typed(command.getCommandSpec(), arguments),
                    reported,
                    failure instanceof RunFiles.UnwritableDocument);
            return reported.code().number();
        }
    }
}
