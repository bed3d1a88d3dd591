package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TerminalTest {
    /** Java 22 to 24 have a console here all the same. */
    @Test
    void outputThatNobodySeesIsNoTerminal() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes())).isEqualToIgnoringNewLines("false");
        assertThat(process.waitFor()).isZero();
    }

    static final class Asking {
        public static void main(String[] args) {
            System.out.println(Progress.isTerminal(Progress.STANDARD_ERROR));
        }
    }
}
