package io.camelrump;

/** A producer that takes part in a run, and is asked at its end whether what it said of its server still holds. */
interface Witness {
    /**
     * Whether its server is still the one that answered.
     *
     * @return false if it can not be asked now, or if the run has to go on or has failed
     */
    boolean confirm(Ledger ledger) throws InterruptedException;

    /** Bytes that its server took so far; while they grow, a write goes on. */
    long bytesSent();
}
