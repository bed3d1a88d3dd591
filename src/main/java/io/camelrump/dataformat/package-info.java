/**
 * The data format {@code rump}. It has a package of its own because Camel's catalog looks for the description of a
 * component and for that of a data format by package and name, which would be the same ones.
 */
package io.camelrump.dataformat;
