package io.camelrump.cli.flags;

/** A number of bytes, and the text that was typed for it: messages show it so. */
public record Size(String text, long bytes) {
    @Override
    public String toString() {
        return text;
    }
}
