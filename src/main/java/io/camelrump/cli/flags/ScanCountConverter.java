package io.camelrump.cli.flags;

import picocli.CommandLine.ITypeConverter;

/** A whole number from 1, or {@code auto}. */
public final class ScanCountConverter implements ITypeConverter<String> {
    private static final String AUTO = "auto";

    private final CountConverter numbers = new CountConverter();

    @Override
    public String convert(String text) {
        return text.equals(AUTO) ? AUTO : numbers.convert(text).toString();
    }
}
