package io.camelrump.keys;

/**
 * A database of the source to read.
 *
 * @param keys how many keys it holds; -1 if unknown
 */
public record SourceDatabase(int number, long keys) {}
