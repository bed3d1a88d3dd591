package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.text.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes in bytes: {@code 123}, {@code 256kb}, {@code 16mb}, {@code 1gb}; 256kib where 1024 is meant. */
public final class SizeConverter implements ITypeConverter<Size> {
    @Override
    public Size convert(String text) {
        long bytes;
        try {
            bytes = ByteSize.parse(text);
        } catch (UsageException e) {
            throw new TypeConversionException("'" + text + "' is not a size such as 4096, 256kb, 16mb or 1gb");
        }
        if (bytes < 1) {
            throw new TypeConversionException("'" + text + "' is not a size above 0");
        }
        return new Size(text, bytes);
    }
}
