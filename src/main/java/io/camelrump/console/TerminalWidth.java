package io.camelrump.console;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Columns of a terminal, which a person may change. */
public final class TerminalWidth {
    /** The width of a terminal that does not say. */
    static final int USUAL = 80;

    private static final int LEAST = 20;
    private static final int MOST_MILLIS = 1_000;
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})\\s*");
    private static final Pattern COLUMNS = Pattern.compile("\\d{1,4}");

    private final File device;
    private final boolean isSaid;
    private volatile int columns;

    private TerminalWidth(File device, int columns, boolean isSaid) {
        this.device = device;
        this.columns = columns;
        this.isSaid = isSaid;
    }

    /**
     * The width of a terminal.
     *
     * @param device of the terminal
     * @param columns as the variable COLUMNS has them, which holds; null if it is not set
     */
    public static TerminalWidth of(File device, @Nullable String columns) {
        if (columns != null && COLUMNS.matcher(columns).matches() && Integer.parseInt(columns) > 0) {
            return new TerminalWidth(device, Math.max(LEAST, Integer.parseInt(columns)), true);
        }
        TerminalWidth width = new TerminalWidth(device, USUAL, false);
        width.ask();
        return width;
    }

    /** How many there were when they were last asked for. */
    public int columns() {
        return columns;
    }

    /** Asks the terminal, unless a person has said it. */
    public void ask() {
        if (isSaid) {
            return;
        }
        Process asked = null;
        try {
            asked = new ProcessBuilder("stty", "size")
                    .redirectInput(device)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (asked.waitFor(MOST_MILLIS, TimeUnit.MILLISECONDS)) {
                Matcher size =
                        SIZE.matcher(new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                if (size.matches() && Integer.parseInt(size.group(1)) > 0) {
                    columns = Math.max(LEAST, Integer.parseInt(size.group(1)));
                }
            }
        } catch (IOException e) {
            // a system without stty
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (asked != null) {
                asked.destroyForcibly();
            }
        }
    }
}
