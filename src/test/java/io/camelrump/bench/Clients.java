package io.camelrump.bench;

/** Others that use the source. */
interface Clients extends AutoCloseable {
    /** Ends them, and gives their waits in milliseconds, shortest first; none if they do not measure. */
    double[] end() throws InterruptedException;

    @Override
    default void close() throws InterruptedException {
        end();
    }
}
