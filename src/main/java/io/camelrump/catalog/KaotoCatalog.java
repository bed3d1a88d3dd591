package io.camelrump.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Puts the component and its Kamelets into a copy of Kaoto's catalog, a folder whose {@code index.json} names a
 * definition for each runtime and version of Camel. Entries of ours that are there already are replaced; all others
 * stay. Kaoto takes one catalog: an index of our own would leave it without Camel's components.
 */
public final class KaotoCatalog {
    private static final String USAGE = "Name the folder of a copy of Kaoto's catalog, which has an index.json.";
    /** Kinds of entries that a definition names a file for, with our own. */
    private static final Map<String, String> ENTRIES =
            Map.of("components", CatalogEntries.COMPONENTS, "kamelets", CatalogEntries.KAMELETS);

    private final Path folder;

    private KaotoCatalog(Path folder) {
        this.folder = folder;
    }

    /** Takes the folder; exits with 1 if it has no catalog or cannot be written to, and with 2 if none is named. */
    public static void main(String[] arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        if (arguments.length != 1) {
            err.println(USAGE);
            return 2;
        }
        Path folder = Path.of(arguments[0]);
        try {
            out.printf("Added rump and its Kamelets to %d catalogs in %s.%n", new KaotoCatalog(folder).add(), folder);
            return 0;
        } catch (IOException | DeserializationException | RuntimeException e) {
            err.printf("%s holds no catalog of Kaoto that can be added to (%s). %s%n", folder, e, USAGE);
            return 1;
        }
    }

    /** Returns to how many definitions they were added. */
    private int add() throws IOException, DeserializationException {
        int added = 0;
        Collection<JsonObject> definitions = read(folder.resolve("index.json")).getCollection("definitions");
        for (JsonObject definition : definitions) {
            Path index = inside(folder.resolve(definition.getString("fileName")));
            Map<String, JsonObject> catalogs = read(index).getMap("catalogs");
            // those of tests and transformations have none
            if (catalogs != null && catalogs.keySet().containsAll(ENTRIES.keySet())) {
                for (Map.Entry<String, String> entries : ENTRIES.entrySet()) {
                    String file = catalogs.get(entries.getKey()).getString("file");
                    add(entries.getValue(), inside(index.resolveSibling(file)));
                }
                added++;
            }
        }
        return added;
    }

    private static void add(String entries, Path file) throws IOException, DeserializationException {
        JsonObject catalog = read(file);
        try (InputStream in = KaotoCatalog.class.getClassLoader().getResourceAsStream(entries);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            catalog.putAll((JsonObject) Jsoner.deserialize(reader));
        }
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(written)) {
            catalog.toJson(writer);
        }
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path inside(Path file) throws IOException {
        if (!file.normalize().startsWith(folder.normalize())) {
            throw new IOException(file + " lies outside of the catalog");
        }
        return file;
    }

    private static JsonObject read(Path file) throws IOException, DeserializationException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return (JsonObject) Jsoner.deserialize(reader);
        }
    }
}
