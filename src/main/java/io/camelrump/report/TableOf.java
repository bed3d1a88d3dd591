package io.camelrump.report;

import io.camelrump.report.Section.Cell;
import io.camelrump.report.Section.Column;
import io.camelrump.report.Section.Row;
import io.camelrump.report.Section.Table;
import java.util.ArrayList;
import java.util.List;

/** Makes a table row by row. A column is named with {@code #} before it for numbers, {@code =} for exact text. */
final class TableOf {
    private final String title;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    TableOf(String title, String... columns) {
        this.title = title;
        this.columns = List.of(columns);
    }

    TableOf row(String... texts) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            cells.add(new Cell(texts[i], isNumber(i), columns.get(i).startsWith("=")));
        }
        rows.add(new Row(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    private boolean isNumber(int column) {
        return columns.get(column).startsWith("#");
    }

    /** Adds it to a section, unless it is empty. */
    void addTo(Section section) {
        addTo(section, "");
    }

    /** @param more about rows that are not there; empty for none */
    void addTo(Section section, String more) {
        if (!rows.isEmpty()) {
            List<Column> heads = columns.stream()
                    .map(column -> new Column(column.replaceFirst("^[#=]", ""), column.startsWith("#")))
                    .toList();
            section.tables().add(new Table(title, heads, rows, more));
        }
    }
}
