package io.camelrump.keys;

import io.camelrump.UsageException;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.SourceOptions;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of which databases are read, and where each of them goes.
 *
 * @param databases that are read
 * @param renaming of the keys that are read; null where they keep their names
 * @param origins of the keys at the target, seen from there
 */
public record KeyMapping(
        DatabaseMapping databases,
        KeySelection selection,
        @Nullable RenameRules renaming,
        ReverseMapping origins) {

    /** @throws UsageException if a pattern, a database or a rule is none */
    public static KeyMapping of(
            ServerOptions server, SelectionOptions selection, MappingOptions mapping, SourceOptions source) {
        KeySelection keys = KeySelection.of(selection, mapping, source.isLive());
        DatabaseMapping sources = DatabaseMapping.of(server.getDatabase(), mapping.getDb(), mapping.getMapDb());
        RenameRules names = RenameRules.of(mapping.getRename());
        ReverseMapping origins = new ReverseMapping(sources, names, keys.wanted());
        return mapping.isReverse()
                ? new KeyMapping(sources.reversed(), keys, null, origins)
                : new KeyMapping(sources, keys, names, origins);
    }
}
