package io.camelrump.cli;

/** A number of bytes, and the text that was typed for it: messages show it so. */
record Size(String text, long bytes) {
    @Override
    public String toString() {
        return text;
    }
}
