package io.camelrump.checkpoint;

/** Another run holds the checkpoint, or held it when it was killed. */
public final class CheckpointInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long expiryMillis;

    /** @param expiryMillis how long the lock lasts if its run does not renew it; 0 if its run is known to be alive */
    public CheckpointInUseException(String message, long expiryMillis) {
        super(message);
        this.expiryMillis = expiryMillis;
    }

    /** How long the lock lasts if its run does not renew it; 0 if its run is known to be alive. */
    public long expiryMillis() {
        return expiryMillis;
    }
}
