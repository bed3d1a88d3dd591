package io.camelrump.source;

/** The largest payload that is taken at all, with nothing else in flight. */
final class LargestPayload {
    private static final long LARGEST_BULK = 512L * 1024 * 1024;
    private static final long MEGABYTE = 1024 * 1024;
    /** Heap that the rest of a run needs beside a value that takes half of it. */
    private static final long REST_OF_HEAP_MEGABYTES = 64;

    private LargestPayload() {}

    static boolean takes(long length) {
        return length <= Runtime.getRuntime().maxMemory() / 2 && length <= LARGEST_BULK;
    }

    /** Why one of this length is not taken. */
    static String tooLargeForHeap(long length) {
        if (length > LARGEST_BULK) {
            return "its payload has " + length + " bytes, and a Redis takes at most 512 MB in one value";
        }
        return "its payload of " + length + " bytes does not fit the heap; set -Xmx"
                + (2 * length / MEGABYTE + REST_OF_HEAP_MEGABYTES) + "m";
    }
}
