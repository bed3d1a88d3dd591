/**
 * The report of a run for people: one HTML page, which needs no other file, made from the document that {@code --json}
 * writes.
 *
 * <p>Comes in: that document, also one from a file that a person has edited. Goes out: the text of the page. Begin with
 * {@link io.camelrump.report.ReportPage}; {@code MigrationSections}, {@code ComparisonSections} and
 * {@code CheckSections} say what is on it, the template {@code report.mustache} how it looks, and {@code LineChart} and
 * {@code PhaseBar} draw. All that comes from the document is escaped by the template, or is a number.
 *
 * <p>Internal to the command: no compatibility is promised.
 */
@NullMarked
package io.camelrump.report;

import org.jspecify.annotations.NullMarked;
