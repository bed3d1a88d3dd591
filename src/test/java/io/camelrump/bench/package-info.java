/**
 * How fast it is, beside what the two servers can do at most: {@code ./mvnw -q -Pbenchmark verify}. Figures are
 * reported, and nothing is asserted but that both servers hold the same data after each run.
 */
package io.camelrump.bench;
