package io.camelrump.cli;

/** How a run ends, as a shell and the JSON summary see it. 3 is left to the JVM, which ends so when it has no memory. */
enum ExitCode {
    COMPLETE(0),
    FAILED(1),
    USAGE(2),
    NOT_READY(4),
    DIFFERENT(5),
    REFUSED(6),
    SIGHUP(129),
    SIGINT(130),
    SIGTERM(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
