package io.camelrump.cli;

import io.camelrump.ReadFrom;
import io.camelrump.ServerMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that name the two servers. */
final class ServerFlags {
    @Option(
            names = "--from",
            paramLabel = "URI",
            description = "Use this server as the source: redis://[user:password@]host[:port][/db]; rediss:// for TLS; "
                    + "unix:///path?db=N for a Unix socket; "
                    + "redis-sentinel://[user:password@]host:port,host:port/master[/db] for the master that sentinels "
                    + "name. Default: the variable RUMP_FROM.")
    @Nullable
    String from;

    @Option(
            names = "--to",
            paramLabel = "URI",
            description =
                    "Use this server as the target, by any form of address that --from takes. Default: the variable "
                            + "RUMP_TO.")
    @Nullable
    String to;

    @Option(
            names = "--from-password-file",
            paramLabel = "FILE",
            description =
                    "Read the source's password from FILE, for each connection again. Default: RUMP_FROM_PASSWORD.")
    @Nullable
    Path fromPasswordFile;

    @Option(
            names = "--to-password-file",
            paramLabel = "FILE",
            description = "Read the target's password from FILE, for each connection again. Default: RUMP_TO_PASSWORD.")
    @Nullable
    Path toPasswordFile;

    @Option(
            names = "--from-mode",
            paramLabel = "MODE",
            description =
                    "Treat the source as a single server (standalone) or as a node of a cluster (cluster); auto goes by"
                            + " what it reports of itself. Default: auto.")
    @Nullable
    ServerMode fromMode;

    @Option(
            names = "--to-mode",
            paramLabel = "MODE",
            description =
                    "Treat the target as a single server (standalone) or as a node of a cluster (cluster); auto goes by"
                            + " what it reports of itself. Default: auto.")
    @Nullable
    ServerMode toMode;

    @Option(
            names = "--read-from",
            paramLabel = "NODE",
            description = "Scan the master or a replica of each shard of a source cluster. Default: master.")
    @Nullable
    ReadFrom readFrom;

    void put(RouteProperties properties) {
        properties.source("mode", fromMode);
        properties.target("mode", toMode);
        properties.source("read-from", readFrom);
    }
}
