package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reading of {@code INFO keyspace keysizes}, with the counts that servers were seen to give. */
class SizeHistogramTest {
    private static final String OTHERS = "db1:keys=2,expires=0\r\ndb11:keys=9,expires=0\r\n\r\n# Keysizes\r\n"
            + "db1_distrib_hashes_items:1=2\r\ndb11_distrib_strings_sizes:64M=9\r\n";

    @Test
    void noStringIsLongerThanTheEndOfItsRange() {
        assertThat(strings("keys=6,expires=1", "1=1,8=2,512=2,1K=1").longest()).isEqualTo(2_047);
        assertThat(strings("keys=1,expires=0", "4M=1").longest()).isEqualTo((8 << 20) - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a stream, or a module's value, which is not counted
                "keys=4,expires=0; db0_distrib_strings_sizes:1=1,8=2",
                "keys=4,expires=0; db0_distrib_strings_sizes:1=1,8=2; db0_distrib_hashes_items:1=1",
                "keys=4,expires=0; db0_distrib_hashes_items:1=4",
                // empty before SETBIT
                "keys=3,expires=0; db0_distrib_strings_sizes:0=1,8=2",
                // what Redis 8.0 makes of SETRANGE
                "keys=6,expires=0; db0_distrib_strings_sizes:0=18446744073709551614,1=1,8=1512=2,1K=2,256K=2",
                "keys=2,expires=0; db0_distrib_strings_sizes:1=1,8=18446744073709551615,512=2",
                "keys=3,expires=0; db0_distrib_strings_sizes:3=3",
                "keys=3,expires=0; db0_distrib_strings_sizes:8P=3",
                "keys=3,expires=0; db0_distrib_strings_sizes:",
                "keys=3,expires=0; db0_distrib_strings:8=3",
                "keys=,expires=0; db0_distrib_strings_sizes:8=3",
                "keys=3,expires=0; # Keysizes",
            })
    void countsThatDoNotProveStringsAloneAreNotBelieved(String lines) {
        assertThat(SizeHistogram.ofStringsAlone(info("db0:" + lines.replace("; ", "\r\n")), 0))
                .isNull();
    }

    @Test
    void aDatabaseWithoutKeysShowsNothing() {
        assertThat(SizeHistogram.ofStringsAlone(info(""), 0)).isNull();
        assertThat(SizeHistogram.ofStringsAlone("", 0)).isNull();
    }

    /** Of what fits by it, the longest fit too. */
    @ParameterizedTest
    @CsvSource({
        // all fit
        "1000, '64=1000', 191",
        "1010, '64=1000,32K=10', 839",
        // many do
        "1000000, '64=1000000', 192",
        "1000010, '64=1000000,32K=10', 508",
        "100000, '512=100000', 1088",
        // fewer than wanted
        "100000, '1K=100000', 0",
        "1, '1M=1', 0",
    })
    void theWindowHoldsTheLongest(long keys, String counts, int bytes) {
        assertThat(strings("keys=" + keys, counts).bytesPerKey(1 << 20, 900)).isEqualTo(bytes);
    }

    private static SizeHistogram strings(String keys, String counts) {
        return Objects.requireNonNull(
                SizeHistogram.ofStringsAlone(info("db0:" + keys + "\r\ndb0_distrib_strings_sizes:" + counts), 0));
    }

    private static String info(String lines) {
        return "# Keyspace\r\n" + lines + "\r\n" + OTHERS;
    }
}
