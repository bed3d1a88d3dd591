package io.camelrump;

/**
 * The state of a live run at the moment when everything that had changed before a {@link Changes#drain} had reached the
 * target.
 *
 * @param changed keys read by then because they were reported as changed; none where nobody reports changes
 * @param gaps how often change notifications had broken off by then
 * @param deletes whether keys that are gone at the source are deleted at every target, as they came from it
 */
public record Drained(long changed, long gaps, boolean deletes) {}
