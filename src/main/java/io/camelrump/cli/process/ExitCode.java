package io.camelrump.cli.process;

import java.util.stream.Stream;

/**
 * How a run ends, as a shell and the JSON summary see it. 3 is left to the JVM, which the launcher has end so when its
 * heap is full.
 */
public enum ExitCode {
    COMPLETE(0),
    FAILED(1),
    USAGE(2),
    NOT_READY(4),
    DIFFERENT(5),
    REFUSED(6),
    NOT_CONVERGED(7),
    SIGHUP(129),
    SIGINT(130),
    SIGTERM(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The code of this number. */
    public static ExitCode of(int number) {
        return Stream.of(values())
                .filter(code -> code.number == number)
                .findFirst()
                .orElse(FAILED);
    }

    public boolean isSignal() {
        return this == SIGHUP || this == SIGINT || this == SIGTERM;
    }

    /** The worse end of two runs: a signal, then failed, not converged, different, refused, complete. */
    public ExitCode worse(ExitCode other) {
        return rank() >= other.rank() ? this : other;
    }

    private int rank() {
        return switch (this) {
            case COMPLETE -> 0;
            case REFUSED -> 1;
            case DIFFERENT, NOT_READY -> 2;
            case NOT_CONVERGED -> 3;
            case FAILED, USAGE -> 4;
            case SIGHUP, SIGINT, SIGTERM -> 5;
        };
    }
}
