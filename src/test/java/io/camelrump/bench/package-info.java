/**
 * How fast it is: {@code ./mvnw -q -Pbenchmark verify} prints a table ({@link io.camelrump.bench.Benchmark}) of what a
 * {@link io.camelrump.bench.Cell} does in several ways, and {@code exec:exec@comparison} compares two builds. Figures
 * are reported, and nothing is asserted but that both servers hold the same data after a copy.
 */
package io.camelrump.bench;
