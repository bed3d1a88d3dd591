package io.camelrump;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Text that was percent-encoded for a URI, as an option value by {@code #bean:}.
 *
 * <p>A Pipe hands the properties of its Kamelets on in that encoding, which parameters of an endpoint take literally.
 * Text without an encoded character is left as it is, but for a plus sign, which stands for a space as in each query.
 */
public final class DecodedText {
    private final String text;

    /** @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits */
    public DecodedText(String encoded) {
        this.text = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    /** The text without the encoding. */
    @Override
    public String toString() {
        return text;
    }
}
