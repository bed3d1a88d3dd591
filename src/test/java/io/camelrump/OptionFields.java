package io.camelrump;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** The fields that Camel's generator makes options of: the endpoint's own, and those of its classes of options. */
final class OptionFields {
    private OptionFields() {}

    static Stream<Field> all() {
        return Stream.of(RumpEndpoint.class, OptionGroups.class).flatMap(OptionFields::of);
    }

    private static Stream<Field> of(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(UriParam.class) || field.isAnnotationPresent(UriPath.class))
                .flatMap(field ->
                        field.getType().isAnnotationPresent(UriParams.class) ? of(field.getType()) : Stream.of(field));
    }
}
