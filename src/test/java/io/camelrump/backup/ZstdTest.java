package io.camelrump.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ZstdTest {

    @Test
    void bytesThatWerePackedAreUnpacked() throws Exception {
        byte[] bytes = "the same again and again, ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = Zstd.writing(packed)) {
            out.write(bytes);
        }

        assertThat(packed.size()).isLessThan(bytes.length / 10);
        assertThat(Zstd.reading(new ByteArrayInputStream(packed.toByteArray())).readAllBytes())
                .isEqualTo(bytes);
    }

    /** A library that an application may lack is named, in a process that lacks it. */
    @Test
    void aMissingLibraryIsNamed() throws Exception {
        String classpath = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry -> !entry.contains("aircompressor"))
                .collect(Collectors.joining(File.pathSeparator));

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classpath,
                        Lacking.class.getName())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("io.airlift:aircompressor")
                .doesNotContain("Exception in thread");
        assertThat(process.waitFor()).isZero();
    }

    static final class Lacking {
        public static void main(String[] args) {
            try {
                Zstd.writing(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
