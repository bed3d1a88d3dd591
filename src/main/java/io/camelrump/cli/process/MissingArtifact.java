package io.camelrump.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The artifact of a component, language or data format that a person's routes name and that is not there. */
public final class MissingArtifact {
    /** Artifacts of Camel, one a line: kind, name, artifact. */
    static final String TABLE = "artifacts.txt";

    /** Errors of Camel, by kind of what is missing. */
    private static final List<Pattern> ERRORS = List.of(
            Pattern.compile("No endpoint could be found for: (?<component>[^:/?]+)[:/?].*"),
            Pattern.compile("No language could be found for: (?<language>\\S+).*"),
            Pattern.compile("Data format '(?<dataformat>[^']+)' could not be created.*"));

    private static final List<String> KINDS = List.of("component", "language", "dataformat");

    private MissingArtifact() {}

    /** A remedy for this error; null where it reports another one, or the name is none of Camel's. */
    static @Nullable String advice(String error) {
        for (int i = 0; i < KINDS.size(); i++) {
            Matcher missing = ERRORS.get(i).matcher(error);
            if (missing.matches()) {
                String artifact = artifact(KINDS.get(i), missing.group(KINDS.get(i)));
                return artifact == null
                        ? null
                        : "To do: put org.apache.camel:" + artifact + ":" + Version.camel()
                                + " and the jars that it needs into " + folder();
            }
        }
        return null;
    }

    private static @Nullable String artifact(String kind, String name) {
        String beginning = kind + " " + name + " ";
        try (InputStream table = MissingArtifact.class.getResourceAsStream(TABLE)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of a distribution; a word for it where the classes lie elsewhere. */
    private static String folder() {
        CodeSource own = MissingArtifact.class.getProtectionDomain().getCodeSource();
        Path jar = own == null ? Path.of("") : Path.of(own.getLocation().getPath());
        return jar.endsWith("lib/rump.jar") ? jar.resolveSibling("ext").toString() : "the class path";
    }
}
