package io.camelrump.backup;

import io.camelrump.files.FileAddress;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.SourceIdentity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to read of a file.
 *
 * @param endpoint address that the endpoint would have if it were a server's
 * @param asPagesSay whether all databases are read, and each page goes where it was meant to go when it was written: no
 *     option names others
 * @param mostKeptBytes pages that wait to be looked at again, before more is read
 */
public record BackupPlan(
        FileAddress file, ServerAddress endpoint, ScanPlan scan, boolean asPagesSay, long mostKeptBytes) {

    PageFilter filter() {
        return new PageFilter(scan, asPagesSay);
    }

    SourceIdentity identity(ReverseMapping origins) {
        return SourceIdentity.ofFile(file, endpoint, scan, origins);
    }

    /** Databases that the options name: others are found while the file is read. */
    List<SourceDatabase> databases() {
        DatabaseMapping mapping = scan.databases();
        Set<Integer> named = new TreeSet<>(mapping.numbers());
        named.addAll(mapping.moves().keySet());
        if (mapping.isAll()) {
            named.addAll(mapping.moves().values());
        }
        return named.stream().map(number -> new SourceDatabase(number, -1)).toList();
    }
}
