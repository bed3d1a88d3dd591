package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say which databases and keys are copied, and what becomes of each. */
final class KeyFlags {
    @Option(
            names = "--ttl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Keys keep their expiry; false makes them live for ever. Default: true.")
    @Nullable
    Boolean ttl;

    @Option(
            names = "--on-conflict",
            paramLabel = "POLICY",
            description =
                    "Another value under a key's name at the target: replace it, keep it, or fail. Default: replace.")
    @Nullable
    ConflictPolicy onConflict;

    @Option(
            names = "--db",
            paramLabel = "DB",
            description =
                    "Databases to read: all, or 0,3,5, or 3. Each goes to the one of the same number, if --map-db does"
                            + " not say otherwise. Default: the one in --from, to the one in --to.")
    @Nullable
    String db;

    @Option(
            names = "--map-db",
            paramLabel = "FROM=TO",
            description = "Database FROM of the source goes to database TO of the target. May be given several times.")
    @Nullable
    List<String> mapDb;

    @Option(
            names = "--rename",
            paramLabel = "FROM=TO",
            description =
                    "What keys are called at the target: user:*=u:*, or by a regular expression (.*):old=$1. May be given"
                            + " several times; the first that matches holds.")
    @Nullable
    List<String> rename;

    @Option(
            names = "--functions",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Copies the server's functions before its keys, from Redis 7.0 on; a comparison compares them"
                    + " too. Default: false.")
    @Nullable
    Boolean functions;

    @Option(
            names = "--drop-field-ttl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Takes hashes whose fields expire to a server that has no such fields, as fields that stay."
                    + " Default: false.")
    @Nullable
    Boolean dropFieldTtl;

    @Option(
            names = "--drop-idmp",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Takes streams without the ids by which they know messages that are sent again (IDMP, Redis"
                    + " 8.6), where those can not be carried. Default: false.")
    @Nullable
    Boolean dropIdmp;

    @Option(
            names = "--carry-idle",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Keys keep how lately they were used, or how often where the source evicts by that. Default: false.")
    @Nullable
    Boolean carryIdle;

    @Option(names = "--match", paramLabel = "GLOB", description = "Only keys with such a name. Default: *.")
    @Nullable
    String match;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only keys of this type: string, list, set, zset, hash or stream, or several with commas"
                    + " between. Default: all.")
    @Nullable
    String type;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Reads and counts, and writes nothing anywhere; with compare also what --repair and --prune"
                    + " would write. Default: false.")
    @Nullable
    Boolean dryRun;

    /** @param from the database in the source's address; null if it names none */
    void put(RouteProperties properties, @Nullable Integer from) {
        properties.set("scan.match", match);
        properties.set("scan.type", type);
        // the side that reads backwards does not know the database in --from
        String mapped = mapDb == null ? null : from == null ? "0" : from.toString();
        properties.set("scan.db", db == null ? mapped : db);
        properties.set("scan.map-db", mapDb);
        properties.set("scan.rename", rename);
        properties.set("scan.functions", functions);
        properties.set("scan.carry-idle", carryIdle);
        properties.set("restore.ttl", ttl);
        properties.set("restore.on-conflict", onConflict);
        properties.set("restore.dry-run", dryRun);
        properties.set("restore.drop-field-ttl", dropFieldTtl);
        properties.set("restore.drop-idmp", dropIdmp);
    }
}
