package io.camelrump.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A line of parts, of which those that count least are left out until it fits. */
public final class FittedLine {
    private static final int LEAST_BAR = 10;
    private static final int MOST_BAR = 32;

    /** @param rank those of the highest are left out first */
    private record Part(String text, int rank) {}

    private final String head;
    private final String separator;
    private final List<Part> parts = new ArrayList<>();
    private double share = -1;

    /**
     * @param head is always there
     * @param separator between two parts
     */
    public FittedLine(String head, String separator) {
        this.head = head;
        this.separator = separator;
    }

    /** Adds a part, unless it is empty. */
    public FittedLine add(int rank, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part(text, rank));
        }
        return this;
    }

    /** Adds a bar behind the head, which takes the room that the parts leave. */
    public FittedLine bar(double done) {
        share = Math.min(1, Math.max(0, done));
        return this;
    }

    /** The line, which is no longer than that. */
    public String fit(int columns) {
        List<Part> kept = new ArrayList<>(parts);
        while (!kept.isEmpty() && join(kept).length() + (share < 0 ? 0 : LEAST_BAR + separator.length()) > columns) {
            kept.remove(kept.stream().max(Comparator.comparingInt(Part::rank)).orElseThrow());
        }
        String line = join(kept);
        int room = columns - line.length() - separator.length();
        if (share >= 0 && room >= LEAST_BAR) {
            line = head + separator + drawn(Math.min(room, MOST_BAR)) + line.substring(head.length());
        }
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
    }

    private String join(List<Part> kept) {
        StringBuilder line = new StringBuilder(head);
        for (int i = 0; i < kept.size(); i++) {
            // a head that ends in a blank introduces the parts
            line.append(i == 0 && head.endsWith(" ") ? "" : separator)
                    .append(kept.get(i).text());
        }
        return line.toString();
    }

    private String drawn(int columns) {
        int inside = columns - 2;
        int done = (int) Math.floor(share * inside);
        return "[" + "=".repeat(done) + (done < inside ? ">" : "") + " ".repeat(Math.max(0, inside - done - 1)) + "]";
    }
}
