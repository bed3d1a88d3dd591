package io.camelrump.cli;

import io.camelrump.console.Screen;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** A line at the end of a terminal, drawn anew several times a second. */
final class ProgressOnTerminal implements Progress {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final StatusLine status;
    private final Screen screen;
    private final IntSupplier columns;
    private final LongSupplier nanoTime;
    private long due;

    /** @param columns of the terminal */
    ProgressOnTerminal(StatusLine status, Screen screen, IntSupplier columns, LongSupplier nanoTime) {
        this.status = status;
        this.screen = screen;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong();
    }

    @Override
    public void show() {
        long now = nanoTime.getAsLong();
        if (now - due >= 0) {
            due = now + PAUSE_NANOS;
            draw();
        }
    }

    /** One column stays free: many terminals wrap a line that fills the last one. */
    private void draw() {
        screen.show(status.line().fit(columns.getAsInt() - 1));
    }

    /** The summary says how it ended. */
    @Override
    public void close() {
        screen.show("");
    }
}
