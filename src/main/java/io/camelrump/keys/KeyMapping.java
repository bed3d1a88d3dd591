package io.camelrump.keys;

import io.camelrump.UsageException;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.OptionText;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.shard.Shard;
import io.camelrump.shard.Share;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of which databases are read, and where each of them goes.
 *
 * @param databases that are read
 * @param renaming of the keys that are read; null where they keep their names
 * @param origins of the keys at the target, seen from there
 * @param share of those keys that this run reads
 */
public record KeyMapping(
        DatabaseMapping databases,
        KeySelection selection,
        @Nullable RenameRules renaming,
        ReverseMapping origins,
        Share share) {

    /** @throws UsageException if a pattern, a database or a rule is none */
    public static KeyMapping of(
            ServerOptions server, SelectionOptions selection, MappingOptions mapping, SourceOptions source) {
        KeySelection keys = KeySelection.of(selection, mapping, source.isLive());
        DatabaseMapping sources = DatabaseMapping.of(server.getDatabase(), mapping.getDb(), mapping.getMapDb());
        RenameRules names = RenameRules.of(mapping.getRename());
        ReverseMapping origins = new ReverseMapping(sources, names, keys.wanted());
        KeyMapping all = mapping.isReverse()
                ? new KeyMapping(sources.reversed(), keys, null, origins, Share.WHOLE)
                : new KeyMapping(sources, keys, names, origins, Share.WHOLE);
        Shard shard = selection.shard();
        if (shard != null && names != null) {
            throw OptionText.wrong(
                    "shard",
                    shard,
                    "given without rename: two keys that get one name may be in the shares of two runs");
        }
        return shard == null ? all : all.shared(shard);
    }

    /** Whole databases, where enough of them are named for each shard to have one; else its slots of each. */
    private KeyMapping shared(Shard shard) {
        DatabaseMapping some = databases.shared(shard);
        return some == null
                ? new KeyMapping(databases, selection, renaming, origins, Share.of(shard))
                : new KeyMapping(some, selection, renaming, origins, Share.ofDatabases(shard));
    }
}
