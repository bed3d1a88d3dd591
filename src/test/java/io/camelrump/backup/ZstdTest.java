package io.camelrump.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdTest {

    @Test
    void bytesThatWerePackedAreUnpacked() throws Exception {
        byte[] bytes = "the same again and again, ".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        byte[] packed = packed(bytes);

        assertThat(packed.length).isLessThan(bytes.length / 10);
        assertThat(Zstd.reading(new ByteArrayInputStream(packed)).readAllBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.8, 0.999})
    void ofBytesThatAreCutOffAllButTheLastMegabyteIsUnpacked(double share) throws Exception {
        byte[] bytes = new byte[6 << 20];
        new Random(1).nextBytes(bytes);
        byte[] packed = packed(bytes);
        InputStream in = Zstd.reading(new ByteArrayInputStream(packed, 0, (int) (share * packed.length)));
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream();

        assertThatThrownBy(() -> in.transferTo(unpacked)).isInstanceOf(EOFException.class);

        assertThat(unpacked.size()).isGreaterThanOrEqualTo((int) (share * bytes.length) - (1 << 20));
        assertThat(unpacked.toByteArray()).isEqualTo(Arrays.copyOf(bytes, unpacked.size()));
    }

    @Test
    void bytesThatAreDamagedAreFound() throws Exception {
        byte[] packed = packed("the same again and again, ".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
        for (int i = 4; i < packed.length; i++) {
            byte[] damaged = packed.clone();
            damaged[i] ^= 0x20;
            try {
                Zstd.reading(new ByteArrayInputStream(damaged)).readAllBytes();
            } catch (IOException e) {
                assertThat(e).isInstanceOfAny(EOFException.class, ZipException.class);
            }
        }
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = Zstd.writing(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
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
