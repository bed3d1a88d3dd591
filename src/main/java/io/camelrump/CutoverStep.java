package io.camelrump;

import org.jspecify.annotations.Nullable;

/**
 * What a host does at the cutover of a live run, beside the run: {@link Ledger#atCutover}. All is called by the thread
 * that carries the cutover out.
 */
public interface CutoverStep {
    /**
     * Makes ready, before anybody is held up.
     *
     * @return why the cutover cannot be begun, as the end of a sentence; null if it can
     */
    @Nullable
    String before() throws InterruptedException;

    /**
     * Both sides are equal, and nobody writes to the source: writers may wait for the end of this.
     *
     * @return why the run has not converged all the same; null if it has
     */
    @Nullable
    String atBarrier() throws InterruptedException;

    /** The cutover is over. */
    void after(boolean converged);
}
