package io.camelrump.bench;

/**
 * One line of the table.
 *
 * @param base whether the lines below are measured by it
 */
record Row(String title, boolean base, Way way) {
    static Row base(String title, Way way) {
        return new Row(title, true, way);
    }

    static Row of(String title, Way way) {
        return new Row(title, false, way);
    }
}
