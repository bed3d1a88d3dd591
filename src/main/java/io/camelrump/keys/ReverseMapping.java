package io.camelrump.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which key of a source may have become a key of a target: databases and names read backwards. */
public final class ReverseMapping {
    /**
     * What may stand behind a key of a target.
     *
     * @param sources keys that would get its name, among those that are wanted
     * @param hidden whether a key that is not known may have got its name too
     */
    public record Found(List<TargetNameIndex.Source> sources, boolean hidden) {
        public Found {
            sources = List.copyOf(sources);
        }
    }

    private final DatabaseMapping databases;
    private final @Nullable RenameRules renaming;
    private final Predicate<byte[]> wanted;

    /**
     * @param databases of the source, and where each goes
     * @param wanted whether a key of the source is in question, by its name
     */
    public ReverseMapping(DatabaseMapping databases, @Nullable RenameRules renaming, Predicate<byte[]> wanted) {
        this.databases = databases;
        this.renaming = renaming;
        this.wanted = wanted;
    }

    public DatabaseMapping databases() {
        return databases;
    }

    /** The key of a target that this one of the source becomes, by databases and names. */
    public TargetNameIndex.Source target(TargetNameIndex.Source key) {
        return new TargetNameIndex.Source(
                databases.target(key.database()), renaming == null ? key.key() : renaming.rename(key.key()));
    }

    /** Names of keys, wanted or not, that become this one at the target; null where one of them is not known. */
    public @Nullable List<byte[]> names(byte[] name) {
        return renaming == null ? List.of(name) : renaming.knownOrigins(name);
    }

    /** Names of wanted keys alone. */
    public @Nullable List<byte[]> wantedNames(byte[] name) {
        List<byte[]> known = names(name);
        return known == null ? null : known.stream().filter(wanted).toList();
    }

    /** @param database of the target that the key lies in */
    public Found of(int database, byte[] name) {
        List<byte[]> keys = renaming == null ? List.of(name) : renaming.origins(name);
        List<Integer> from = databases.sources(database);
        List<TargetNameIndex.Source> sources = new ArrayList<>();
        for (byte[] key : keys) {
            if (wanted.test(key)) {
                from.forEach(number -> sources.add(new TargetNameIndex.Source(number, key)));
            }
        }
        return new Found(sources, !from.isEmpty() && renaming != null && renaming.mayHide(name));
    }
}
