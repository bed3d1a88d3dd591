package io.camelrump.bench;

/** The command of one build, as it copies or compares. */
record Rump(Build build, boolean compares, int roundTripMillis, String... flags) implements Way {
    static Rump copy(Build build, String... flags) {
        return new Rump(build, false, 0, flags);
    }

    /** It copies first where the target is empty. */
    static Rump compare(Build build, String... flags) {
        return new Rump(build, true, 0, flags);
    }

    /** The same with both servers so far away. */
    Rump over(int millis) {
        return new Rump(build, compares, millis, flags);
    }

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        if (!compares) {
            bed.emptyTarget();
        } else if (bed.targetIsEmpty()) {
            build.copy(bed.source().port(), bed.target().port());
        }
        try (Link toSource = new Link(bed.source(), roundTripMillis);
                Link toTarget = new Link(bed.target(), roundTripMillis)) {
            double before = bed.sourceCpu();
            ToolRun run = compares
                    ? build.compare(toSource.port(), toTarget.port(), flags)
                    : build.copy(toSource.port(), toTarget.port(), flags);
            return Measurement.of(run, bed.sourceCpu() - before, bed.keys());
        }
    }

    @Override
    public boolean leavesEqual() {
        return true;
    }
}
