package io.camelrump;

import java.util.Locale;

/** Where a cutover leads the clients: to the target of a migration, or back to its former source. */
public enum CutoverDirection {
    FORWARD("the source", "the target", "the old server", "the new server"),
    BACK("the new server", "the former source", "the new server", "the former source");

    private final String source;
    private final String target;
    private final String left;
    private final String reached;

    CutoverDirection(String source, String target, String left, String reached) {
        this.source = source;
        this.target = target;
        this.left = left;
        this.reached = reached;
    }

    /** The direction as documents and variables have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The server that the run reads, for a person who thinks of the migration. */
    public String source() {
        return source;
    }

    /** The server that the run writes to, for the same. */
    public String target() {
        return target;
    }

    /** The server that the clients leave. */
    public String left() {
        return left;
    }

    /** The server that the clients are led to. */
    public String reached() {
        return reached;
    }
}
