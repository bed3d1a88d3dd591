package io.camelrump.cli.flags;

import io.camelrump.ConflictPolicy;
import io.camelrump.DatabaseSelection;
import io.camelrump.UsageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags about databases, names, and how each key is written. */
public final class KeyFlags extends FlagGroup {
    final Flag<Boolean> ttl =
            toggle("--ttl", "Keep the expiry of each key; false makes every key live forever. Default: true.");
    public final Flag<ConflictPolicy> onConflict = choice(
            ConflictPolicy.class,
            "--on-conflict",
            "POLICY",
            "Replace a key that has another value on the target, keep it, or fail. Default: replace.");
    public final Flag<String> db = text(
            "--db",
            "DB",
            "Read these databases: all, or numbers such as 3 or 0,3,5. Each is written to the database of its own "
                    + "number unless --map-db says otherwise. Default: the database in --from, written to the one in "
                    + "--to.");
    public final Flag<List<String>> mapDb = texts(
            "--map-db",
            "FROM=TO",
            "Write database FROM of the source to database TO of the target. Repeatable. Default: none.");
    final Flag<List<String>> rename = texts(
            "--rename",
            "FROM=TO",
            "Rename keys on the target, by prefix (user:*=u:*) or by regular expression, such as (.*):old=$1. "
                    + "Repeatable; the first match wins. Default: none.");
    final Flag<Boolean> functions = toggle(
            "--functions",
            "Copy the server's functions before its keys (Redis 7.0 or newer); a comparison compares them too. "
                    + "Default: false.");
    final Flag<Boolean> dropFieldTtl = toggle(
            "--drop-field-ttl",
            "Copy hashes whose fields expire to a target without field expiry, as fields that stay, instead of "
                    + "refusing them. Default: false.");
    final Flag<Boolean> dropIdmp = toggle(
            "--drop-idmp",
            "Copy streams without their producers' message ids (IDMP, Redis 8.6) where these cannot be carried, "
                    + "instead of refusing them. Default: false.");
    public final Flag<Boolean> carryIdle = toggle(
            "--carry-idle",
            "Carry over how long each key was idle, or how often it was used if the source evicts by LFU. Default: "
                    + "false.");
    final Flag<Boolean> dryRun = toggle(
            "--dry-run",
            "Read and count, but write nothing anywhere; with compare, also count what --repair and --prune would "
                    + "write. Default: false.");

    public KeyFlags() {
        super("Keys and databases");
    }

    /**
     * What is wrong about the databases, by the rules of the options that they become; null if nothing is.
     *
     * @param from the database in the source's address; null if it names none
     */
    @Nullable
    public String objection(@Nullable Integer from) {
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
    public void put(RouteProperties properties, @Nullable Integer from) {
        // the side that reads backwards does not know the database in --from
        String mapped = mapDb.isGiven() ? String.valueOf(from == null ? 0 : from) : null;
        properties.all("db", !db.isGiven() ? mapped : db.value());
        properties.all("map-db", mapDb.value());
        properties.all("rename", rename.value());
        properties.source("functions", functions.value());
        properties.source("carry-idle", carryIdle.value());
        properties.all("ttl", ttl.value());
        properties.all("on-conflict", onConflict.value());
        properties.all("dry-run", dryRun.value());
        properties.all("drop-field-ttl", dropFieldTtl.value());
        properties.all("drop-idmp", dropIdmp.value());
    }
}
