package io.camelrump.bench;

/**
 * What one piece of work took; NaN stands for what it has not, or what is not its own.
 *
 * @param seconds from its start to its end
 * @param cpu seconds of the command
 * @param sourceCpu seconds of the source, its children's included
 * @param units keys copied, or writes followed
 * @param peakBytes most memory that the command held
 * @param waits milliseconds of others meanwhile, shortest first; empty where nobody measured
 */
record Measurement(double seconds, double cpu, double sourceCpu, double units, double peakBytes, double[] waits) {
    private static final double[] NONE = {};

    static Measurement of(ToolRun run, double sourceCpu, double units) {
        return new Measurement(run.seconds(), run.cpuSeconds(), sourceCpu, units, run.peakBytes(), NONE);
    }

    /** Of work that is not the command's. */
    static Measurement of(double seconds, double sourceCpu, double units) {
        return new Measurement(seconds, Double.NaN, sourceCpu, units, Double.NaN, NONE);
    }

    /** The same beside others, whose commands cost the source, too. */
    Measurement beside(double[] others) {
        return new Measurement(seconds, cpu, Double.NaN, units, peakBytes, others);
    }

    double cpuPerUnit() {
        return cpu / units;
    }

    double sourceCpuPerUnit() {
        return sourceCpu / units;
    }

    /** The wait that this share of all waits does not exceed. */
    double wait(double share) {
        return waits.length == 0 ? Double.NaN : waits[Math.min(waits.length - 1, (int) (share * waits.length))];
    }
}
