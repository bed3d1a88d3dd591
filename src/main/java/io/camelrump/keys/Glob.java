package io.camelrump.keys;

import java.nio.charset.StandardCharsets;

/**
 * A glob as Redis matches it in SCAN and KEYS: {@code *}, {@code ?}, {@code [a-z]}, {@code [^a]}, and {@code \} before
 * a literal.
 *
 * <p>Bytes are matched, and the odd patterns mean what they mean to Redis 6.2 to 8.6 and Valkey: a set without its
 * {@code ]} ends with the pattern, so {@code [1-]} is a range up to {@code ]}; the ends of a range may be swapped; and
 * of all patterns only {@code *} and the empty one match the empty key. Bytes above 127 come before the others in a
 * range, as on x86-64.
 */
public final class Glob {
    private final byte[] pattern;

    public Glob(String pattern) {
        this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
    }

    public boolean matches(byte[] key) {
        return matches(key, 0, key.length);
    }

    public boolean matches(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return pattern.length == 0 || pattern.length == 1 && pattern[0] == '*';
        }
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
            int left = pattern.length - p;
            if (left >= 2 && pattern[p] == '\\') {
                found |= pattern[p + 1] == b;
                p += 2;
            } else if (left >= 3 && pattern[p + 1] == '-') {
                byte one = pattern[p];
                byte other = pattern[p + 2];
                found |= b >= Math.min(one, other) && b <= Math.max(one, other);
                p += 3;
            } else {
                found |= pattern[p] == b;
                p++;
            }
        }
        return found != inverted ? Math.min(p + 1, pattern.length) : -1;
    }
}
