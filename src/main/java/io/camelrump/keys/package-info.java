/**
 * Which keys of the source are read, and which databases and names they go to. Decisions; a server is asked only which
 * databases it has, and {@code ScanPlan} spells the SCAN that it stands for.
 *
 * <p>Comes in: options of selection and mapping, names of keys. Goes out: yes or no for a key, its name and database on
 * the target, the file of a list of keys. Begin with {@link io.camelrump.keys.KeyMapping}, which joins filters,
 * databases and names.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.keys;

import org.jspecify.annotations.NullMarked;
