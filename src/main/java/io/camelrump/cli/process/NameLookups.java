package io.camelrump.cli.process;

import java.security.Security;

/** Look-ups of host names by this process. */
public final class NameLookups {
    private static final String SECONDS = "networkaddress.cache.negative.ttl";
    private static final String AT_ONCE = "0";

    private NameLookups() {}

    /**
     * Lets a name that could not be resolved be looked up again at once, and not after Java's ten seconds. Must be
     * called before the first look-up. The launcher has done so, unless it could not: Java loads its logging to set a
     * security property.
     */
    public static void repeatAtOnce() {
        if (!AT_ONCE.equals(Security.getProperty(SECONDS))) {
            Security.setProperty(SECONDS, AT_ONCE);
        }
    }
}
