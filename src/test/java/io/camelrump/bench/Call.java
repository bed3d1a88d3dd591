package io.camelrump.bench;

import java.nio.file.Path;

/** A call that needs no server. */
record Call(ToolRun.Start start) implements Way {
    static Call of(Build build, String... words) {
        return new Call(() -> build.startCall(words));
    }

    /** The least that a start of Java takes. */
    static Call ofJava() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Call(() -> new ProcessBuilder(java, "-Xshare:auto", "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    @Override
    public Measurement measure(TestBed bed) throws Exception {
        return Measurement.of(ToolRun.of(start), Double.NaN, Double.NaN);
    }
}
