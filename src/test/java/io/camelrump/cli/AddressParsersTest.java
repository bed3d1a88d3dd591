package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.RedisUri;
import io.camelrump.cli.flags.Span;
import io.camelrump.fixtures.Parser;
import io.camelrump.text.ByteSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import picocli.CommandLine.TypeConversionException;

/** Whatever a person types as an address, a size or a time, it is read, or refused in words of our own. */
class AddressParsersTest {
    private static final List<Parser> PARSERS = List.of(
            Parser.of(
                    "addresses",
                    input -> RedisUri.parse(text(input)).address().toString(),
                    List.of(
                            "redis://user:pa%20ss@host:6379/5",
                            "rediss://:%41%42@[::1]:6380?db=3",
                            "unix://user:secret@/run/redis.sock?db=1",
                            "redis-sentinel://s1:26379,s2/mymaster/2",
                            "rediss-sentinel://u:p@s1,[fe80::1%25eth0]:26379/mymaster?db=1"),
                    UsageException.class),
            Parser.of(
                    "sizes",
                    input -> ByteSize.parse(text(input)),
                    List.of("256kb", "16mib", "1gb", "1"),
                    UsageException.class),
            Parser.of(
                    "times",
                    input -> Span.of(text(input)),
                    List.of("500ms", "60s", "10m", "1h"),
                    TypeConversionException.class));

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void addressesAreReadOrRefused(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Tag("long")
    @Property(tries = 1_000_000, shrinking = ShrinkingMode.OFF)
    void aMillionAddressesAreReadOrRefused(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }
}
