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
            description =
                    "Source: redis://[user:password@]host[:port][/db], the same with rediss:// for TLS, for a Unix"
                            + " socket unix:///path?db=N, or where sentinels tell the master"
                            + " redis-sentinel://[user:password@]host:port,host:port/master[/db].")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "URI", description = "Target, likewise.")
    @Nullable
    String to;

    @Option(names = "--from-password-file", paramLabel = "FILE", description = "File with the source's password.")
    @Nullable
    Path fromPasswordFile;

    @Option(names = "--to-password-file", paramLabel = "FILE", description = "File with the target's password.")
    @Nullable
    Path toPasswordFile;

    @Option(
            names = "--from-mode",
            paramLabel = "MODE",
            description =
                    "Whether the source is a cluster: auto goes by what it says of itself, standalone and cluster say"
                            + " otherwise. Default: auto.")
    @Nullable
    ServerMode fromMode;

    @Option(names = "--to-mode", paramLabel = "MODE", description = "As --from-mode, of the target.")
    @Nullable
    ServerMode toMode;

    @Option(
            names = "--read-from",
            paramLabel = "NODE",
            description = "Which nodes of a source that is a cluster are scanned: master, or a replica of each."
                    + " Default: master.")
    @Nullable
    ReadFrom readFrom;

    void put(RouteProperties properties) {
        properties.set("source.mode", fromMode);
        properties.set("target.mode", toMode);
        properties.set("source.read-from", readFrom);
    }
}
