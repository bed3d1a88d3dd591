package io.camelrump.cutover;

import io.camelrump.run.Run;
import org.apache.camel.Service;

/**
 * One direction of a comparison.
 *
 * @param books of its keys
 * @param reading reads them and has them compared, from its start to its stop
 */
public record Direction(Run books, Service reading) {}
