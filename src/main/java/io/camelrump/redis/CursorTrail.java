package io.camelrump.redis;

/**
 * Cursors of one scan, as far as it must be known that none of them comes again: such a scan would never end.
 *
 * <p>It holds one of them, which is replaced by a later one after twice as many steps each time, so that the first
 * cursor that comes again is met in the end, however many lie between. Not thread-safe.
 */
public final class CursorTrail {
    private final String command;
    private Cursor held = Cursor.START;
    private long steps;
    private long mostSteps = 1;

    /** @param command that scans, such as SCAN */
    public CursorTrail(String command) {
        this.command = command;
    }

    /** Forgets all of them, as another scan begins. */
    public void clear() {
        held = Cursor.START;
        steps = 0;
        mostSteps = 1;
    }

    /**
     * The scan came to this cursor.
     *
     * @throws ReplyException if it was there before
     */
    public void passed(Cursor next) throws ReplyException {
        if (next.isEnd()) {
            clear();
            return;
        }
        if (next.equals(held)) {
            throw repeated(command, next);
        }
        if (++steps == mostSteps) {
            held = next;
            steps = 0;
            mostSteps *= 2;
        }
    }

    /** An error for a scan that was given a cursor for the second time. */
    static ReplyException repeated(String command, Cursor again) {
        return new ReplyException(command, "the cursor " + again + " once more", "a cursor that leads on");
    }
}
