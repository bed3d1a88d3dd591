package io.camelrump.values;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Looks whether bytes that came from elsewhere have the form of a {@link KeyPart} and of {@link Elements}. */
public final class PartForm {
    private static final Set<String> TYPES = Set.of("string", "list", "set", "zset", "hash", "stream");
    private static final Elements.Kind[] KINDS = Elements.Kind.values();

    private PartForm() {}

    /** @throws IllegalArgumentException if they have not */
    public static void check(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).slice();
        try {
            int step = in.get();
            require(step >= 0 && step < KeyPart.Step.values().length, "step", step);
            int number = in.getInt();
            require(number >= 0, "number of a part", number);
            long count = in.getLong();
            require(count >= 0, "number of elements", count);
            in.getLong();
            boolean known = TYPES.contains(text(in));
            // one that is given up, or was not read, may be of a module's type
            require(
                    known || !in.hasRemaining() || step >= KeyPart.Step.GIVEN_UP.ordinal(),
                    "unknown type, of step",
                    step);
            text(in);
            while (in.hasRemaining()) {
                row(in);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a part of a value that ends too early", e);
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.get() & 0xff;
        require(length <= in.remaining(), "text of bytes", length);
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void row(ByteBuffer in) {
        int code = in.get();
        require(code >= 0 && code < KINDS.length, "kind of row", code);
        Elements.Kind kind = KINDS[code];
        int cells = in.getInt();
        require(hasSo(kind, cells), "cells of a row of kind " + code + ":", cells);
        for (int i = 0; i < cells; i++) {
            int length = in.getInt();
            require(length >= 0 && length <= in.remaining(), "cell of bytes", length);
            if (kind == Elements.Kind.PRODUCER_IDS) {
                number(in, length);
            } else {
                in.position(in.position() + length);
            }
        }
    }

    private static boolean hasSo(Elements.Kind kind, int cells) {
        return switch (kind) {
            case LIST, SET, DELETED_ENTRY -> cells == 1;
            case STRING, ZSET, HASH, CONSUMER, TRIMMED_ENTRY -> cells == 2;
            case EXPIRING_FIELD, GROUP, STREAM -> cells == 3;
            case PRODUCER_IDS -> cells == 4;
            case PENDING -> cells == 5;
            case ENTRY -> cells > 0 && cells % 2 == 1;
        };
    }

    private static void number(ByteBuffer in, int length) {
        byte[] digits = new byte[length];
        in.get(digits);
        // throws what is declared
        Long.parseLong(new String(digits, StandardCharsets.ISO_8859_1));
    }

    private static void require(boolean allowed, String what, long value) {
        if (!allowed) {
            throw new IllegalArgumentException("part of a value with " + what + " " + value);
        }
    }
}
