package io.camelrump.options;

import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** Which databases are read, and where keys go at the target: to which database, and under which name. */
@UriParams
public class MappingOptions {

    @UriParam(
            label = "mapping",
            description =
                    "Databases to read instead of database: all, or numbers separated by commas. The keys of each "
                            + "go to the database of the same number at the target, whatever database the producer"
                            + " names.")
    private @Nullable String db;

    @UriParam(
            label = "mapping",
            description = "Database of the target for one of the source, such as 3=0. Several are separated by commas, "
                    + "or stand one per line.")
    private @Nullable String mapDb;

    @UriParam(
            label = "mapping",
            description = "Rule for the names of keys at the target, as FROM=TO: a prefix and its replacement, each "
                    + "with a star at its end; or a regular expression for the whole name and its replacement, in "
                    + "which $1 is the first group. Several stand one per line, and the first that matches applies. "
                    + "If two keys would get the same name, the second is refused.")
    private @Nullable String rename;

    @UriParam(
            label = "consumer,compare",
            defaultValue = "false",
            description = "Reads the server that keys were copied to: those databases that db and mapDb lead to. With "
                    + "rename, filters by name are left to the lookup. With keysFrom nothing is read, as those keys "
                    + "are compared already.")
    private boolean reverse;

    /** Whether keys that are read have other names at the source. */
    public boolean readsRenamed() {
        return reverse && rename != null;
    }

    public @Nullable String getDb() {
        return db;
    }

    public void setDb(@Nullable String db) {
        this.db = db;
    }

    public @Nullable String getMapDb() {
        return mapDb;
    }

    public void setMapDb(@Nullable String mapDb) {
        this.mapDb = mapDb;
    }

    public @Nullable String getRename() {
        return rename;
    }

    public void setRename(@Nullable String rename) {
        this.rename = rename;
    }

    public boolean isReverse() {
        return reverse;
    }

    public void setReverse(boolean reverse) {
        this.reverse = reverse;
    }
}
