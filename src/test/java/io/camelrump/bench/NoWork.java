package io.camelrump.bench;

/** Nothing, for a while: what others wait for anyway. */
record NoWork() implements Way {
    private static final int MILLIS = 2_000;

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        Thread.sleep(MILLIS);
        return Measurement.of(Double.NaN, Double.NaN, Double.NaN);
    }
}
