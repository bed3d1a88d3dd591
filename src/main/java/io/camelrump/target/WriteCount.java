package io.camelrump.target;

/** How many keys a target has taken, in the words of an error. Guarded by the target. */
final class WriteCount {
    private final boolean dry;
    private long confirmed;
    /** Keys of the last batch, which is written again, that too few replicas had. */
    private long unreplicated;

    /** @param dry whether nothing is really written */
    WriteCount(boolean dry) {
        this.dry = dry;
    }

    void confirmed(long keys) {
        confirmed += keys;
        unreplicated = keys > 0 ? 0 : unreplicated;
    }

    void unreplicated(long keys) {
        unreplicated = keys;
    }

    /** For the end of a sentence. */
    @Override
    public String toString() {
        String keys = confirmed + (confirmed == 1 ? " key " : " keys ");
        if (dry) {
            return keys + "would have been written";
        }
        return keys + (confirmed == 1 ? "was" : "were") + " written"
                + (unreplicated == 0 ? "" : ", and " + unreplicated + " more that too few replicas are known to have");
    }
}
