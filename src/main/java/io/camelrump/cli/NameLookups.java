package io.camelrump.cli;

import java.security.Security;

/** Look-ups of host names by this process. */
final class NameLookups {
    private NameLookups() {}

    /**
     * Lets a name that could not be resolved be looked up again at once, and not after Java's ten seconds. Must be
     * called before the first look-up, and only where one follows: Java searches all jars for a logger of its own then.
     */
    static void repeatAtOnce() {
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }
}
