package io.camelrump.wire;

import java.util.HexFormat;

/** Numbers of the form; {@code wire-format.adoc} has their meaning. */
final class WireFormat {
    static final int VERSION = 1;

    /** Begins a stream: no text, and damaged by whoever changes line ends. */
    private static final byte[] MAGIC = HexFormat.of().parseHex("8d52554d500d0a1a");

    static final int PAGE = 1;
    static final int END = 2;
    /** Lane of the page or end marker that follows. */
    static final int LANE = 64;
    /** From here on a type of record may be left out by a reader that does not know it. */
    static final int FIRST_OPTIONAL = 0x40;

    static final int LAST_TYPE = 0x7f;

    /** Type and length of a record, and the checksum of the two. */
    static final int HEAD_BYTES = 9;

    static final int CHECKSUM_BYTES = 4;

    static final int MOST_HEADER_BYTES = 64 * 1024;
    static final int MOST_END_BYTES = 64 * 1024;

    private static final int LARGEST_BODY = 1 << 30;

    private WireFormat() {}

    static byte[] magic() {
        return MAGIC.clone();
    }

    static int magicLength() {
        return MAGIC.length;
    }

    static int magicByte(int i) {
        return MAGIC[i] & 0xff;
    }

    /** How large a body may be in this heap, which has to hold it. */
    static int mostBodyBytes() {
        return (int) Math.min(LARGEST_BODY, Runtime.getRuntime().maxMemory() / 2);
    }

    static int largestBody() {
        return LARGEST_BODY;
    }
}
