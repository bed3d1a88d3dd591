/**
 * Options that no URI sets: they are properties of the application, or variables of the environment.
 *
 * <p>Comes in: the names and types of the options, as Camel's generator has read them, and what the host has set. Goes
 * out: values for the component and for each endpoint, users and passwords as something to look up again, and an error
 * where a name has a slip. Begin with {@link io.camelrump.properties.NamedOptions}, which has what belongs to one
 * server, and {@link io.camelrump.properties.ComponentConfigurer}, which has what all endpoints share.
 *
 * <p>Internal to the component: no compatibility is promised.
 */
@NullMarked
package io.camelrump.properties;

import org.jspecify.annotations.NullMarked;
