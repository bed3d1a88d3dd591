package io.camelrump.cli.flags;

import io.camelrump.ReadFrom;
import io.camelrump.ServerMode;
import java.nio.file.Path;

/** The flags that name the two servers. */
public final class ServerFlags extends FlagGroup {
    public final Flag<String> from = text(
            "--from",
            "URI",
            "Use this server as the source: redis://[user:password@]host[:port][/db]; rediss:// for TLS; "
                    + "unix:///path?db=N for a Unix socket; "
                    + "redis-sentinel://[user:password@]host:port,host:port/master[/db] for the master that sentinels "
                    + "name. Or this file: backup.rump, backup.rump.gz, backup.rump.zst, file:PATH, rump1:PATH of Rump 1.0, "
                    + "or - for standard input. Default: the variable RUMP_FROM.");
    public final Flag<String> to = text(
            "--to",
            "URI",
            "Use this server as the target, by any form of address that --from takes. Or this file: "
                    + "backup.rump, file:PATH, rump1:PATH, resp:PATH for redis-cli --pipe, or - for standard output. Default: the variable RUMP_TO.");
    final Flag<Boolean> overwrite = toggle(
            "--overwrite",
            "Replace the file that --to names, once the new one is complete; otherwise the call is refused if it exists. "
                    + "Default: false.");
    public final Flag<Path> fromPasswordFile = file(
            "--from-password-file",
            "Read the source's password from FILE, for each connection again. Default: RUMP_FROM_PASSWORD.");
    public final Flag<Path> toPasswordFile = file(
            "--to-password-file",
            "Read the target's password from FILE, for each connection again. Default: RUMP_TO_PASSWORD.");
    final Flag<ServerMode> fromMode = choice(
            ServerMode.class,
            "--from-mode",
            "MODE",
            "Treat the source as a single server (standalone) or as a node of a cluster (cluster); auto asks it. "
                    + "Default: auto.");
    final Flag<ServerMode> toMode = choice(
            ServerMode.class,
            "--to-mode",
            "MODE",
            "Treat the target as a single server (standalone) or as a node of a cluster (cluster); auto asks it. "
                    + "Default: auto.");
    final Flag<ReadFrom> readFrom = choice(
            ReadFrom.class,
            "--read-from",
            "NODE",
            "Scan the master or a replica of each shard of a source cluster. Default: master.");

    public ServerFlags() {
        super("Servers");
    }

    public void put(RouteProperties properties) {
        properties.source("mode", fromMode.value());
        properties.target("mode", toMode.value());
        properties.source("read-from", readFrom.value());
        properties.target("overwrite", overwrite.value());
    }
}
