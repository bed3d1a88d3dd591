package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.CheckpointPlace;
import io.camelrump.cli.output.DocumentForm;
import io.camelrump.files.FileAddress;
import io.camelrump.files.OutputFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The files that the flags of one call name. A file that is written serves one purpose only. */
final class NamedFiles {
    private static final String FAILED_KEYS = "--failed-keys";
    private static final String KEYS_FROM = "--keys-from";
    private static final String CHECKPOINT = "--checkpoint";
    private static final String FROM = "--from";
    private static final String TO = "--to";
    private static final Set<String> WRITTEN =
            Set.of(DocumentForm.JSON.flag(), DocumentForm.REPORT.flag(), FAILED_KEYS, CHECKPOINT, TO);
    /** Sides that may be files, and the variables that may name them. */
    private static final Map<String, String> SIDES = Map.of(FROM, "RUMP_FROM", TO, "RUMP_TO");

    private record Named(String flag, OutputFile file) {
        boolean isWritten() {
            return WRITTEN.contains(flag);
        }
    }

    private final List<Named> files = new ArrayList<>();

    private NamedFiles() {}

    /** The files of a command line that was understood. */
    static NamedFiles parsed(CommandSpec spec) {
        NamedFiles named = new NamedFiles();
        for (OptionSpec option : spec.options()) {
            option.stringValues().forEach(value -> named.add(option, value));
        }
        return named.andOfVariables(spec);
    }

    /** The files of a command line that may be wrong. */
    static NamedFiles typed(CommandSpec spec, String[] arguments) {
        NamedFiles named = new NamedFiles();
        for (int i = 0; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            OptionSpec option = spec.findOption(equals < 0 ? arguments[i] : arguments[i].substring(0, equals));
            if (option != null && equals >= 0) {
                named.add(option, arguments[i].substring(equals + 1));
            } else if (option != null && i + 1 < arguments.length && !arguments[i + 1].matches("-.+")) {
                named.add(option, arguments[i + 1]);
            }
        }
        return named.andOfVariables(spec);
    }

    private void add(OptionSpec option, String value) {
        String flag = option.longestName();
        if (SIDES.containsKey(flag)) {
            addSide(flag, value);
            return;
        }
        boolean isFile = option.auxiliaryTypes()[0] == Path.class
                || flag.equals(CHECKPOINT) && !value.startsWith(CheckpointPlace.AT_TARGET);
        if (isFile && !value.isEmpty()) {
            add(flag, value);
        }
    }

    private void add(String flag, String path) {
        // what is read from - is standard input
        if (WRITTEN.contains(flag) || !path.equals("-")) {
            try {
                files.add(new Named(flag, OutputFile.of(Path.of(path))));
            } catch (InvalidPathException e) {
                // the flag itself is refused
            }
        }
    }

    private void addSide(String flag, @Nullable String address) {
        try {
            if (address != null && FileAddress.isOne(address)) {
                add(flag, FileAddress.parse(address).path());
            }
        } catch (UsageException e) {
            // the address itself is refused
        }
    }

    /** And the files of addresses that were not typed as flags, as the launcher has it. */
    private NamedFiles andOfVariables(CommandSpec spec) {
        if (spec.userObject() instanceof RumpCommand called) {
            SIDES.forEach((flag, variable) -> {
                if (files.stream().noneMatch(named -> named.flag().equals(flag))) {
                    addSide(flag, called.variable(variable));
                }
            });
        }
        return this;
    }

    /** Which file was named for two purposes; null if none was. */
    @Nullable
    String objection() {
        for (int i = 0; i < files.size(); i++) {
            for (Named other : files.subList(i + 1, files.size())) {
                if (collide(files.get(i), other)) {
                    return files.get(i).flag() + " and " + other.flag() + " name the same file " + other.file()
                            + ": give each a file of its own";
                }
            }
        }
        return null;
    }

    private static boolean collide(Named one, Named other) {
        if (!one.isWritten() && !other.isWritten() || !one.file().isSameAs(other.file())) {
            return false;
        }
        // the keys are read to the end before the new list takes the place of the old one
        boolean retries = Set.of(one.flag(), other.flag()).equals(Set.of(KEYS_FROM, FAILED_KEYS));
        return !retries || !one.file().isReplaceable();
    }

    /** A document of a call that cannot begin, and where it goes. */
    record Document(DocumentForm form, OutputFile file) {}

    /** Where the documents of a call that cannot begin go: nowhere that serves another purpose too. */
    List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (DocumentForm form : DocumentForm.values()) {
            files.stream()
                    .filter(named -> named.flag().equals(form.flag()))
                    .filter(named -> files.stream()
                            .noneMatch(other -> !other.flag().equals(form.flag())
                                    && named.file().isSameAs(other.file())))
                    .forEach(named -> documents.add(new Document(form, named.file())));
        }
        return documents;
    }
}
