package io.camelrump.cli;

import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.text.NearestName;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** Shows the built-in route files. */
final class RoutesCommand implements Callable<Integer> {
    static final CommandText TEXT = new CommandText(
            "routes",
            List.of("rump routes [NAME]"),
            List.of("List the built-in route files, or print one to start from."),
            List.of(
                    "  rump routes",
                    "  rump routes migrate > mine.camel.yaml",
                    "  rump -from ... -to ... --routes mine.camel.yaml"));

    private static final String ENDING = ".camel.yaml";

    final CommandSpec spec = TEXT.spec(this)
            .addPositional(PositionalParamSpec.builder()
                    .arity("0..1")
                    .paramLabel("NAME")
                    .description("Print this file.")
                    .build())
            .addOption(FlagGroup.helpFlag().build());

    @Override
    public Integer call() {
        Map<String, String> files = files();
        PrintWriter out = spec.commandLine().getOut();
        String name = spec.commandLine().getParseResult().matchedPositionalValue(0, null);
        if (name == null) {
            int width = files.keySet().stream().mapToInt(String::length).max().orElse(0);
            files.forEach((file, text) -> out.println(file + " ".repeat(width + 2 - file.length()) + summary(text)));
        } else {
            out.print(text(name, files));
        }
        out.flush();
        return ExitCode.COMPLETE.number();
    }

    /** The first sentence of a file's comment. */
    private static String summary(String text) {
        String comment = text.lines()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip())
                .collect(Collectors.joining(" "));
        return comment.split("[.;]( |$)", 2)[0] + ".";
    }

    private String text(String wanted, Map<String, String> files) {
        String text =
                files.get(wanted.endsWith(ENDING) ? wanted.substring(0, wanted.length() - ENDING.length()) : wanted);
        if (text == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no built-in routes are called " + wanted + ": did you mean "
                            + NearestName.of(wanted, files.keySet()) + "?");
        }
        return text;
    }

    /** Text of each built-in file, by its name without the ending. */
    private static Map<String, String> files() {
        URL folder = Objects.requireNonNull(RoutesCommand.class.getResource("/" + RouteFile.BUILT_IN));
        try {
            URI place = folder.toURI();
            if (!place.getScheme().equals("jar")) {
                return files(Path.of(place));
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return files(jar.getPath("/" + RouteFile.BUILT_IN));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the built-in routes cannot be read from " + folder, e);
        }
    }

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.toString().endsWith(ENDING)).forEach(file -> {
                String called = file.getFileName().toString();
                files.put(called.substring(0, called.length() - ENDING.length()), read(file));
            });
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
