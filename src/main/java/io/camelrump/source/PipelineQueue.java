package io.camelrump.source;

/** Requests that are not answered yet, in order. */
final class PipelineQueue {
    /** A reply to SCAN is due. */
    static final byte SCAN = 1;
    /** A reply to TIME is due. */
    static final byte TIME = 2;
    /** Two replies are due, to PTTL or PEXPIRETIME and to DUMP of one key. */
    static final byte KEY = 3;

    /** A reply to SELECT is due. */
    static final byte SELECT = 4;
    /** The answers to the queries about one key are due. */
    static final byte QUERIES = 5;
    /** A reply to INFO is due, about the cost of SCAN. */
    static final byte SCAN_COST = 6;
    /** A reply to INFO is due, about the sizes of all keys. */
    static final byte SIZES = 7;

    /** A ring, its length a power of two. */
    private byte[] due = new byte[4096];

    private int first;
    private int size;
    private int keys;
    private long added;

    void add(byte what) {
        if (size == due.length) {
            byte[] larger = new byte[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = due[(first + i) & (due.length - 1)];
            }
            due = larger;
            first = 0;
        }
        due[(first + size++) & (due.length - 1)] = what;
        added++;
        if (what == KEY) {
            keys++;
        }
    }

    byte remove() {
        byte what = due[first];
        first = (first + 1) & (due.length - 1);
        size--;
        if (what == KEY) {
            keys--;
        }
        return what;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Number of the request that was added last, counted from 1. */
    long lastRequest() {
        return added;
    }

    /** Number of the request that was answered last. */
    long lastAnswered() {
        return added - size;
    }

    /** Keys whose payload is due. */
    int keys() {
        return keys;
    }

    boolean endsWithKey() {
        return size > 0 && due[(first + size - 1) & (due.length - 1)] == KEY;
    }

    void clear() {
        size = 0;
        keys = 0;
    }
}
