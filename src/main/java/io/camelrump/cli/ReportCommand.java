package io.camelrump.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.cli.flags.Flag;
import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.output.DocumentFile;
import io.camelrump.cli.output.DocumentForm;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.files.OutputFile;
import io.camelrump.report.ReportPage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** Makes the report of a run from its JSON document. */
final class ReportCommand implements Callable<Integer> {
    static final CommandText TEXT = new CommandText(
            "report",
            List.of("rump report FILE [-o FILE]"),
            List.of(
                    "Make the report of a run, as --report does, from the document that --json wrote (- is standard input)."),
            List.of("  rump report run.json -o report.html", "  rump report run.json > report.html"));

    private static final Path STANDARD = Path.of("-");

    private static final class Flags extends FlagGroup {
        final Flag<Path> output = file("-o", "--output", "Write the report to FILE. Default: standard output.");

        Flags() {
            super("Output");
            help();
        }
    }

    private final Flags flags = new Flags();

    final CommandSpec spec = TEXT.spec(this)
            .addPositional(PositionalParamSpec.builder()
                    .arity("1")
                    .paramLabel("FILE")
                    .description("Read this document.")
                    .build());

    ReportCommand() {
        flags.addTo(spec);
    }

    @Override
    public Integer call() {
        String name = spec.commandLine().getParseResult().matchedPositionalValue(0, "");
        String page = ReportPage.html(document(name));
        OutputFile file = OutputFile.of(flags.output.valueOr(STANDARD));
        try {
            write(page, file);
            return ExitCode.COMPLETE.number();
        } catch (IOException e) {
            spec.commandLine().getErr().println("rump: " + file + " cannot be written: " + OutputFile.reason(e));
            return ExitCode.FAILED.number();
        }
    }

    private void write(String page, OutputFile file) throws IOException {
        CommandLine command = spec.commandLine();
        try (DocumentFile written = DocumentFile.to(DocumentForm.REPORT, file, command.getOut(), command.getErr())) {
            written.write(page);
        }
    }

    private JsonNode document(String name) {
        try (InputStream text = name.equals("-") ? System.in : Files.newInputStream(Path.of(name))) {
            JsonNode document = new ObjectMapper().readTree(text);
            String objection = ReportPage.objection(document);
            if (objection == null) {
                return document;
            }
            throw wrong(name + ": " + objection);
        } catch (JsonProcessingException e) {
            throw wrong(name + ": it is no JSON, at line " + e.getLocation().getLineNr());
        } catch (IOException | InvalidPathException e) {
            throw wrong(name + " cannot be read: "
                    + (e instanceof IOException failure ? OutputFile.reason(failure) : e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
