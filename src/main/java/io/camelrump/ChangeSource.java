package io.camelrump;

/** Source of change notifications of a live run. */
public enum ChangeSource {
    /** CLIENT TRACKING: each change, at once. */
    TRACKING,
    /** Keyspace notifications, of which some may be missed: the source is scanned repeatedly beside them. */
    NOTIFICATIONS,
    /** The server reports nothing: the source is scanned repeatedly. */
    SCANS
}
