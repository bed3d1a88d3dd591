package io.camelrump.backup;

import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.KeyPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies of large values that come in parts: which part of each must follow, whether the filters take it, and the name
 * that it has in this run. The name in the file may be in use by another run that restores the same file.
 */
final class PartCopies {
    /** Whether a part goes on, and why not. */
    enum Fate {
        TAKEN,
        /** Its key does not pass the filters. */
        LEFT_OUT,
        /** A part before it is missing: its value cannot be put together. */
        VOID
    }

    /** One copy. */
    static final class Copy {
        private final String nameInFile;
        private final String name;
        private Fate fate;
        /** Number of the part that must follow. */
        private int next;
        /** The page of its last part so far. */
        private PageData page;

        private int index;

        private Copy(String nameInFile, String name, Fate fate, PageData page) {
            this.nameInFile = nameInFile;
            this.name = name;
            this.fate = fate;
            this.page = page;
        }

        String name() {
            return name;
        }

        Fate fate() {
            return fate;
        }

        int parts() {
            return next;
        }

        PageData page() {
            return page;
        }

        int index() {
            return index;
        }
    }

    private final String run;
    /** By their names in the file: those whose last part has not come. */
    private final Map<String, Copy> open = new HashMap<>();
    /** Names in the file of what was handed out, by the names in this run. */
    private final Map<String, String> names = new HashMap<>();

    private int copies;

    /** @param run identifier of this run */
    PartCopies(String run) {
        this.run = run;
    }

    /** A name that no other copy has. */
    String newName() {
        return run + ":f" + copies++;
    }

    /** Name in the file of a copy that this run calls so. */
    String nameInFile(String name) {
        return names.getOrDefault(name, name);
    }

    /** Another name for a copy that is read once more. */
    String rename(String name) {
        String other = newName();
        names.put(other, nameInFile(name));
        return other;
    }

    /** The whole keys of this page have arrived: nobody asks for their parts again. */
    void arrived(PageData page) {
        for (int i = 0; page.form() == PageForm.ELEMENTS && i < page.size(); i++) {
            KeyPart part = KeyPart.of(page, i);
            if (part != null) {
                names.remove(part.copy());
            }
        }
    }

    /**
     * Enters a part; the copy is not open any more behind its last one.
     *
     * @param taken whether the filters take its key
     */
    Copy enter(KeyPart part, PageData page, int index, boolean taken) {
        Copy copy = open.get(part.copy());
        if (copy == null || part.step().begins()) {
            String name = newName();
            names.put(name, part.copy());
            copy = new Copy(part.copy(), name, taken ? Fate.TAKEN : Fate.LEFT_OUT, page);
        }
        boolean givenUp = part.step() == KeyPart.Step.GIVEN_UP;
        if (copy.fate == Fate.TAKEN && !givenUp && part.number() != copy.next) {
            copy.fate = Fate.VOID;
        }
        copy.page = page;
        copy.index = index;
        copy.next++;
        if (part.step().completes() || givenUp) {
            open.remove(copy.nameInFile);
        } else {
            open.put(copy.nameInFile, copy);
        }
        return copy;
    }

    /** Leaves out what is to follow of the copy that has this part. */
    void leaveOut(KeyPart part) {
        Copy copy = open.get(part.copy());
        if (copy != null) {
            copy.fate = Fate.LEFT_OUT;
        }
    }

    /** Copies that go on and that the filters take. */
    List<Copy> unfinished() {
        List<Copy> unfinished = new ArrayList<>(open.values());
        unfinished.removeIf(copy -> copy.fate == Fate.LEFT_OUT);
        return unfinished;
    }

    /** Nothing more comes of the copies that are open. */
    void end() {
        open.clear();
    }

    void clear() {
        open.clear();
        names.clear();
    }
}
