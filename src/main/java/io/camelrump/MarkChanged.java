package io.camelrump;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;

/**
 * Has a live run read a key again: a step for routes that hear of changes by a way of their own, such as keyspace
 * notifications ({@code routes/keyspace-events.camel.yaml}). The body is the key's name.
 *
 * <p>Such notifications may be missed unnoticed, so the run also scans the source repeatedly.
 */
public final class MarkChanged implements CamelContextAware {
    private String migration = "rump";
    private @Nullable CamelContext context;

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(@Nullable CamelContext camelContext) {
        context = camelContext;
    }

    /** Name of the run; {@code rump} if not set. */
    public String getMigration() {
        return migration;
    }

    /** Name of the run, the option {@code migration} of its consumer. */
    public void setMigration(String migration) {
        this.migration = migration;
    }

    /** Marks a key as changed; does nothing before the run has begun, as all is read then. */
    @Handler
    public void mark(byte[] key) {
        Ledger ledger = context == null
                ? null
                : context.getRegistry().lookupByNameAndType("rump-ledger-" + migration, Ledger.class);
        Changes changes = ledger == null ? null : ledger.changes();
        if (changes != null) {
            changes.notified(key);
        }
    }
}
