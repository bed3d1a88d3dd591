package io.camelrump.bench;

/** The command of one build as it follows writes of a steady rate; units are the writes. */
record Following(Build build, int writesPerSecond, double seconds) implements Way {
    private static final int WARM_UP_RATE = 2_000;
    private static final double WARM_UP_SECONDS = 1.5;

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        bed.emptyTarget();
        try (LiveRun run = new LiveRun(build, bed)) {
            // the command's own code is compiled meanwhile
            new SteadyWriter(bed.source()).write(WARM_UP_RATE, WARM_UP_SECONDS);
            double cpuBefore = run.cpuSeconds();
            try (LagProbe lag = new LagProbe(bed)) {
                Measurement source = SteadyWriter.measure(bed, writesPerSecond, seconds);
                double cpu = run.cpuSeconds() - cpuBefore;
                return new Measurement(Double.NaN, cpu, source.sourceCpu(), source.units(), Double.NaN, lag.end());
            }
        }
    }
}
