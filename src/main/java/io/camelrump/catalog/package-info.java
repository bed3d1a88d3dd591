/**
 * Entries of the component in the catalogs of tools: written by the build, and put into a catalog of Kaoto on request.
 */
@NullMarked
package io.camelrump.catalog;

import org.jspecify.annotations.NullMarked;
