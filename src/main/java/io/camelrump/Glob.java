package io.camelrump;

import java.nio.charset.StandardCharsets;

/** A pattern as in Redis's KEYS: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]}, and {@code \} before a literal. */
final class Glob {
    private final byte[] pattern;

    Glob(String pattern) {
        this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
    }

    boolean matches(byte[] key) {
        return matches(key, 0, key.length);
    }

    boolean matches(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int p = 0;
        int k = offset;
        int star = -1;
        int retry = offset;
        while (k < end) {
            int next = p < pattern.length && pattern[p] != '*' ? one(p, bytes[k]) : -1;
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                retry = k;
            } else if (next > 0) {
                p = next;
                k++;
            } else if (star >= 0) {
                p = star + 1;
                k = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }

    /** Where the pattern goes on if the element at {@code p} takes this byte; -1 if it does not. */
    private int one(int p, byte b) {
        return switch (pattern[p]) {
            case '?' -> p + 1;
            case '[' -> set(p + 1, b);
            case '\\' -> {
                int literal = p + 1 < pattern.length ? p + 1 : p;
                yield pattern[literal] == b ? literal + 1 : -1;
            }
            default -> pattern[p] == b ? p + 1 : -1;
        };
    }

    private int set(int start, byte b) {
        int p = start;
        boolean inverted = p < pattern.length && pattern[p] == '^';
        if (inverted) {
            p++;
        }
        boolean found = false;
        while (p < pattern.length && pattern[p] != ']') {
            if (pattern[p] == '\\' && p + 1 < pattern.length) {
                p++;
            }
            int low = pattern[p] & 0xff;
            int high = low;
            if (p + 2 < pattern.length && pattern[p + 1] == '-' && pattern[p + 2] != ']') {
                p += 2;
                high = pattern[p] & 0xff;
            }
            int value = b & 0xff;
            found |= value >= Math.min(low, high) && value <= Math.max(low, high);
            p++;
        }
        return found != inverted ? Math.min(p + 1, pattern.length) : -1;
    }
}
