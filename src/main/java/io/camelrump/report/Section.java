package io.camelrump.report;

import java.util.ArrayList;
import java.util.List;

/** A part of the page: sentences, facts, pictures and tables below a heading. Made step by step. */
record Section(String title, List<String> sentences, List<Fact> facts, List<Picture> pictures, List<Table> tables) {
    record Fact(String name, String value) {}

    /**
     * A drawing.
     *
     * @param svg by our own classes alone: it is not escaped
     * @param names of its lines; none where there is only one
     */
    record Picture(String title, String svg, List<Name> names) {}

    /**
     * A line of a picture.
     *
     * @param number from 1, by which it has its colour
     */
    record Name(int number, String text) {}

    record Table(String title, List<Column> columns, List<Row> rows, String more) {}

    /** @param number whether its cells are numbers */
    record Column(String text, boolean number) {}

    record Row(List<Cell> cells) {}

    /** @param exact whether each character of it counts, as in the name of a key */
    record Cell(String text, boolean number, boolean exact) {}

    Section(String title) {
        this(title, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    Section say(String sentence) {
        if (!sentence.isEmpty()) {
            sentences.add(sentence);
        }
        return this;
    }

    /** Adds a fact, unless there is nothing to say. */
    Section fact(String name, String value) {
        if (!value.isEmpty()) {
            facts.add(new Fact(name, value));
        }
        return this;
    }

    /** This part under another heading. */
    Section titled(String heading) {
        return new Section(heading, sentences, facts, pictures, tables);
    }

    boolean isEmpty() {
        return sentences.isEmpty() && facts.isEmpty() && pictures.isEmpty() && tables.isEmpty();
    }

    /** For the template. */
    boolean hasFacts() {
        return !facts.isEmpty();
    }
}
