package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.DatabaseSelection;
import io.camelrump.UsageException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about databases, names, and how each key is written. */
final class KeyFlags {
    @Option(
            names = "--ttl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Keep the expiry of each key; false makes every key live forever. Default: true.")
    @Nullable
    Boolean ttl;

    @Option(
            names = "--on-conflict",
            paramLabel = "POLICY",
            description = "Replace a key that has another value on the target, keep it, or fail. Default: replace.")
    @Nullable
    ConflictPolicy onConflict;

    @Option(
            names = "--db",
            paramLabel = "DB",
            description =
                    "Read these databases: all, or numbers such as 3 or 0,3,5. Each is written to the database of "
                            + "its own number unless --map-db says otherwise. Default: the database in --from,"
                            + " written to the "
                            + "one in --to.")
    @Nullable
    String db;

    @Option(
            names = "--map-db",
            paramLabel = "FROM=TO",
            description = "Write database FROM of the source to database TO of the target. Repeatable. Default: none.")
    @Nullable
    List<String> mapDb;

    @Option(
            names = "--rename",
            paramLabel = "FROM=TO",
            description =
                    "Rename keys on the target, by prefix (user:*=u:*) or by regular expression, such as (.*):old=$1."
                            + " Repeatable; the first match wins. Default: none.")
    @Nullable
    List<String> rename;

    @Option(
            names = "--functions",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Copy the server's functions before its keys (Redis 7.0 or newer); a comparison compares them "
                            + "too. Default: false.")
    @Nullable
    Boolean functions;

    @Option(
            names = "--drop-field-ttl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Copy hashes whose fields expire to a target without field expiry, as fields that stay, instead "
                            + "of refusing them. Default: false.")
    @Nullable
    Boolean dropFieldTtl;

    @Option(
            names = "--drop-idmp",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Copy streams without their producers' message ids (IDMP, Redis 8.6) where these cannot be "
                    + "carried, instead of refusing them. Default: false.")
    @Nullable
    Boolean dropIdmp;

    @Option(
            names = "--carry-idle",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Carry over how long each key was idle, or how often it was used if the source evicts by LFU. "
                            + "Default: false.")
    @Nullable
    Boolean carryIdle;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Read and count, but write nothing anywhere; with compare, also count what --repair and --prune "
                            + "would write. Default: false.")
    @Nullable
    Boolean dryRun;

    /**
     * What is wrong about the databases, by the rules of the options that they become; null if nothing is.
     *
     * @param from the database in the source's address; null if it names none
     */
    @Nullable
    String objection(@Nullable Integer from) {
        RouteProperties properties = new RouteProperties();
        put(properties, from);
        try {
            DatabaseSelection.by(
                    from == null ? 0 : from,
                    properties.asMap().get(RouteProperties.ALL + "db"),
                    properties.asMap().get(RouteProperties.ALL + "map-db"));
            return null;
        } catch (UsageException e) {
            return e.getMessage();
        }
    }

    /** @param from the database in the source's address; null if it names none */
    void put(RouteProperties properties, @Nullable Integer from) {
        // the side that reads backwards does not know the database in --from
        String mapped = mapDb == null ? null : from == null ? "0" : from.toString();
        properties.all("db", db == null ? mapped : db);
        properties.all("map-db", mapDb);
        properties.all("rename", rename);
        properties.source("functions", functions);
        properties.source("carry-idle", carryIdle);
        properties.all("ttl", ttl);
        properties.all("on-conflict", onConflict);
        properties.all("dry-run", dryRun);
        properties.all("drop-field-ttl", dropFieldTtl);
        properties.all("drop-idmp", dropIdmp);
    }
}
