package io.camelrump.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "COMPLETE, REFUSED, REFUSED",
        "REFUSED, DIFFERENT, DIFFERENT",
        "DIFFERENT, FAILED, FAILED",
        "FAILED, SIGTERM, SIGTERM"
    })
    void theWorseOfTwoEndsIsTheEndOfBoth(ExitCode one, ExitCode other, ExitCode worse) {
        assertThat(one.worse(other)).isEqualTo(worse);
        assertThat(other.worse(one)).isEqualTo(worse);
    }

    @Test
    void twoEqualEndsAreThatEnd() {
        assertThat(ExitCode.COMPLETE.worse(ExitCode.COMPLETE)).isEqualTo(ExitCode.COMPLETE);
    }
}
