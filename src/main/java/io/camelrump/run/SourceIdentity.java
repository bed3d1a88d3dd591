package io.camelrump.run;

import io.camelrump.Difference;
import io.camelrump.files.FileAddress;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.ScanPlan;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Which server, and which databases of it, a run reads.
 *
 * @param info empty where the user may not ask
 * @param address of the server; of a cluster, of the node that was opened last
 * @param probe looks a key up at the source
 * @param plan what is read of it
 * @param origins where its keys go
 * @param file that is read instead of a server, which can be asked nothing then; null where it is a server
 */
public record SourceIdentity(
        ServerAddress address,
        ServerInfo info,
        KeyProbe probe,
        ScanPlan plan,
        ReverseMapping origins,
        boolean isOfCluster,
        @Nullable FileAddress file) {
    /** A server, or a node of a cluster. */
    public SourceIdentity(
            ServerAddress address,
            ServerInfo info,
            KeyProbe probe,
            ScanPlan plan,
            ReverseMapping origins,
            boolean isOfCluster) {
        this(address, info, probe, plan, origins, isOfCluster, null);
    }

    /**
     * A file.
     *
     * @param address that stands for it where there must be one
     */
    public static SourceIdentity ofFile(
            FileAddress file, ServerAddress address, ScanPlan plan, ReverseMapping origins) {
        return new SourceIdentity(address, ServerInfo.HIDDEN, (key, database) -> false, plan, origins, false, file);
    }

    /** Whether it is a server, which can be asked. */
    public boolean isServer() {
        return file == null;
    }

    /** Looks whether the source holds a key now. */
    public interface KeyProbe {
        boolean holds(byte[] key, int database) throws IOException;
    }

    public DatabaseMapping databases() {
        return plan.databases();
    }

    /** Name of a database of the source as an addition to a sentence; empty where there is none to tell apart. */
    static String named(@Nullable SourceIdentity known, int database) {
        return known == null || database == Difference.OF_SERVER
                ? ""
                : known.databases().named(database);
    }

    /** A difference with the name of its database behind its detail. */
    static Difference named(@Nullable SourceIdentity known, Difference difference) {
        return new Difference(
                difference.key(),
                difference.database(),
                difference.cause(),
                difference.detail() + named(known, difference.database()));
    }
}
