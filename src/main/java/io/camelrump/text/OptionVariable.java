package io.camelrump.text;

import java.util.Locale;

/** The spelling of a property as a variable of the environment, which is Camel's own. */
public final class OptionVariable {
    private OptionVariable() {}

    /**
     * The variable that sets a property: {@code RUMP_SOURCE_SCAN_COUNT} for {@code rump.source.scan-count}.
     *
     * @param property in full, spelt with dashes, or the beginning of one
     */
    public static String of(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
