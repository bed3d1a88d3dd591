package io.camelrump.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A terminal with a line at its end that is drawn anew again and again. Whatever else is printed appears above it: the
 * line is taken away before, and drawn once more behind the end of a line.
 */
public final class Screen extends PrintStream {
    private static final String ERASE = "\r\u001B[2K";

    private final Bottom bottom;

    private Screen(Bottom bottom) {
        super(bottom, true, StandardCharsets.UTF_8);
        this.bottom = bottom;
    }

    /** @param terminal takes all that is printed here */
    public static Screen on(PrintStream terminal) {
        return new Screen(new Bottom(terminal));
    }

    /** Shows this at the end instead of what was shown before; an empty text takes it away. */
    public void show(String text) {
        bottom.show(text);
    }

    private static final class Bottom extends OutputStream {
        private final PrintStream terminal;

        @GuardedBy("this")
        private String line = "";

        @GuardedBy("this")
        private boolean drawn;

        /** Whether somebody else has not come to the end of a line. */
        @GuardedBy("this")
        private boolean midLine;

        Bottom(PrintStream terminal) {
            this.terminal = terminal;
        }

        synchronized void show(String text) {
            if (!text.equals(line) || !drawn) {
                erase();
                line = text;
                draw();
            }
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (length > 0) {
                erase();
                terminal.write(bytes, from, length);
                midLine = bytes[from + length - 1] != '\n';
                draw();
                terminal.flush();
            }
        }

        @GuardedBy("this")
        private void erase() {
            if (drawn) {
                terminal.print(ERASE);
                drawn = false;
            }
        }

        @GuardedBy("this")
        private void draw() {
            if (!midLine && !line.isEmpty()) {
                terminal.print(line);
                terminal.flush();
                drawn = true;
            }
        }

        @Override
        public void flush() {
            terminal.flush();
        }
    }
}
