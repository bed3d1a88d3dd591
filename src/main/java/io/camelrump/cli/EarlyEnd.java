package io.camelrump.cli;

import io.camelrump.cli.output.DocumentFile;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;

/** The end of a call that could not begin, or was stopped before it wrote anything. */
final class EarlyEnd {
    private EarlyEnd() {}

    /** Writes the documents: an older one must not be taken for that of this call. */
    static void write(CommandLine command, NamedFiles files, Failure failure) {
        write(command, files, failure, false);
    }

    /** @param isReported whether the failure is that a document cannot be written */
    static void write(CommandLine command, NamedFiles files, Failure failure, boolean isReported) {
        if (!(command.getCommandSpec().userObject() instanceof RumpCommand called)) {
            return;
        }
        Map<String, Object> content = called.early(failure.code(), failure.message());
        for (NamedFiles.Document document : files.documents()) {
            try (DocumentFile file =
                    DocumentFile.to(document.form(), document.file(), command.getOut(), command.getErr())) {
                file.write(content);
            } catch (IOException e) {
                if (!isReported) {
                    command.getErr()
                            .println("rump: " + document.form().flag() + " " + document.file() + " cannot be written: "
                                    + OutputFile.reason(e));
                }
            }
        }
        command.getOut().flush();
        command.getErr().flush();
    }

    /** Ends the process on a signal while nothing is written, as it may hang in a connection. */
    static Runnable bySignal(CommandLine command, StopSignals signals) {
        return () -> {
            ExitCode signal = Objects.requireNonNull(signals.received());
            Failure stopped = new Failure(signal, "stopped by " + signal + ", nothing was written");
            signals.end(signal, () -> {
                command.getErr().println("rump: " + stopped.message());
                write(command, NamedFiles.parsed(command.getCommandSpec()), stopped);
            });
        };
    }
}
