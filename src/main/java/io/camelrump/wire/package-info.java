/**
 * The form of pages for the wire, as {@code src/main/docs/wire-format.adoc} specifies it: what {@code marshal} writes
 * into a message or a file, and {@code unmarshal} reads in another process, perhaps of a later version.
 *
 * <p>Comes in: a page, or a stream of bytes that nobody vouches for. Goes out: its bytes, without a copy; or pages, one
 * at a time, until the end or the first damage. Begin with {@link io.camelrump.wire.WireWriter}, and
 * {@link io.camelrump.wire.WireReader} for the way back; {@code PageRecord} has the form of a page.
 *
 * <p>Internal to the component: no compatibility of the classes is promised, but that of the form is.
 */
@NullMarked
package io.camelrump.wire;

import org.jspecify.annotations.NullMarked;
