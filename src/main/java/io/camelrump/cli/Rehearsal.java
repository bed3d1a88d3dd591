package io.camelrump.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Does once what most calls do, so that Java can record which classes that takes. Nothing is printed. */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] arguments) {
        StopSignals signals = StopSignals.install();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        int code = 0;
        // enough keys for sizes to be asked for, and for batches to follow each other
        for (String call : List.of("--help", "--version", "demo --keys 40000")) {
            String[] words = call.split(" ");
            code = Rump.commandLine(words, Map.of(), signals)
                    .setOut(nowhere)
                    .setErr(nowhere)
                    .execute(words);
        }
        System.exit(code);
    }
}
