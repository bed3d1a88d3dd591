package io.camelrump;

import java.util.List;

/**
 * Names of keys that a consumer reads instead of those that SCAN finds, as its option {@code keyNames} has them; the
 * bytes are not copied.
 */
public record KeyNames(List<byte[]> names) {
    public KeyNames {
        names = List.copyOf(names);
    }
}
