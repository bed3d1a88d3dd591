package io.camelrump.cli.flags;

/** The flags of a comparison: after a migration, at the cutover of a live run, or alone. */
public final class CompareFlags extends FlagGroup {
    public final Flag<Boolean> verify =
            toggle("--verify", "Compare both sides when the copy is complete. Default: false.");
    public final Flag<Boolean> repair =
            toggle("--repair", "Copy differing keys again, and compare them once more. Default: false.");
    final Flag<Boolean> prune = toggle(
            "--prune",
            "Delete keys that only the target has; with --live, also those it held at the start. Default: false.");
    final Flag<Boolean> allowMassDelete = toggle(
            "--allow-mass-delete",
            "Let --prune and --live delete even if the source is empty, or if more than 100 keys and 10 %% of the "
                    + "target's would go. Default: false.");
    final Flag<Span> ttlTolerance = time(
            "--ttl-tolerance",
            "Accept expiries that differ by up to TIME after allowing for the two clocks, and reread keys with an "
                    + "expiry if a clock is set by more than that during a run. Default: 50ms.");
    final Flag<Integer> rounds = count("--rounds", "Look at a differing key N times before reporting it. Default: 3.");

    public CompareFlags() {
        super("Comparing");
    }

    public boolean isVerify() {
        return Boolean.TRUE.equals(verify.value());
    }

    /** Whether a flag is there that means nothing without a comparison. */
    public boolean isGiven() {
        return repair.isGiven() || prune.isGiven() || allowMassDelete.isGiven() || rounds.isGiven();
    }

    public void put(RouteProperties properties) {
        properties.all("repair", repair.value());
        properties.all("prune", prune.value());
        properties.all("allow-mass-delete", allowMassDelete.value());
        properties.all("ttl-tolerance", ttlTolerance.value());
        properties.all("rounds", rounds.value());
    }
}
