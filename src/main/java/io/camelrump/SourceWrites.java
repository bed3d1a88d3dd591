package io.camelrump;

import java.util.List;

/**
 * What is written at the source of a live run.
 *
 * @param reported how often a key was reported as changed since the start
 * @param keys some keys that changed lately
 */
public record SourceWrites(long reported, List<String> keys) {}
