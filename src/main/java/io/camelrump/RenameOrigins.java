package io.camelrump;

import io.camelrump.keys.RenameRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names at a source that become a name at the target, by the rules of the option {@code rename}. */
public final class RenameOrigins {
    private final @Nullable RenameRules rules;

    private RenameOrigins(@Nullable RenameRules rules) {
        this.rules = rules;
    }

    /**
     * Reads the rules.
     *
     * @param rename value of the option; null for none
     * @throws UsageException if a line of it is no rule
     */
    public static RenameOrigins by(@Nullable String rename) {
        return new RenameOrigins(RenameRules.of(rename));
    }

    /** All names that become this one; null where a regular expression may have made it of one that is not known. */
    public @Nullable List<byte[]> of(byte[] name) {
        return rules == null ? List.of(name) : rules.knownOrigins(name);
    }
}
