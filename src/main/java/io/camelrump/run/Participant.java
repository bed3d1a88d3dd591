package io.camelrump.run;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A producer that takes part in a run, and is asked at its end whether what it said of its server still holds. */
public interface Participant {
    /**
     * Whether its server is still the one that answered.
     *
     * @return false if it cannot be asked now, or if the run has to go on or has failed
     */
    boolean confirm(Run run) throws InterruptedException;

    /** Whether what it said of a key stands, also if the key is read again and is found to be otherwise. */
    default boolean isFinal() {
        return false;
    }

    /**
     * The databases of its server that keys are deleted in when they are gone at the source, as all there came from it.
     */
    default Set<Integer> ownDatabases() {
        return Set.of();
    }

    /** Whether it cannot distinguish its server's own keys from those of the source, so that it deletes none. */
    default boolean withholdsDeletes() {
        return false;
    }

    /**
     * Whether a key that only its server has is left there, as that held it before the run.
     *
     * @param database of its server, or {@link io.camelrump.keys.DatabaseMapping#AS_PRODUCER_SAYS}
     */
    default boolean leaves(int database, byte[] name) {
        return false;
    }

    /** The databases of its server that it writes to while it is started, by address. */
    default Collection<String> places() {
        return List.of();
    }

    /** Some names of a database of its server, by SCAN; null if it cannot be asked now. */
    default @Nullable TargetNames names(TargetNames.Position from) throws InterruptedException {
        return null;
    }

    /**
     * Has its server report what others write there, as the run verifies its changes; called several times per second.
     */
    default void watch(Run run) throws InterruptedException {}

    /** Whether all that others have written at its server by now is known, as far as that is reported. */
    default boolean hears(Run run) throws InterruptedException {
        return true;
    }

    /** Whether it is asked to confirm only when all others have, as its word ends something. */
    default boolean isAskedLast() {
        return false;
    }

    /** Bytes that its server took so far; while they grow, a write goes on. */
    long bytesSent();
}
