package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RespWriterTest {

    @Property(tries = 300)
    void writtenCommandsAreReadBack(
            @ForAll @Size(min = 1, max = 6) List<byte[]> words,
            @ForAll @IntRange(min = 24, max = 200) int bufferSize,
            @ForAll @IntRange(min = 1, max = 64) int readBufferSize)
            throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        RespWriter writer = new RespWriter(sent, bufferSize);
        for (int i = 0; i < 2; i++) {
            writer.command(words.size());
            for (byte[] word : words) {
                writer.arg(word);
            }
        }
        writer.flush();

        RespReader reader = new RespReader(new ByteArrayInputStream(sent.toByteArray()), readBufferSize);
        for (int i = 0; i < 2; i++) {
            assertThat(reader.reply()).usingRecursiveComparison().isEqualTo(new ArrayList<Object>(words));
        }
    }

    @Property
    void numbersAreSpelledInDecimal(@ForAll long number, @ForAll @IntRange(min = 24, max = 100) int bufferSize)
            throws IOException {
        assertThat(spelled(number, bufferSize)).isEqualTo(Long.toString(number));
    }

    @Example
    void encodesLongMinValue() throws IOException {
        for (long number : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, -1, 0, 9, 10, 99, 100}) {
            assertThat(spelled(number, 64)).isEqualTo(Long.toString(number));
        }
    }

    private static String spelled(long number, int bufferSize) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        RespWriter writer = new RespWriter(sent, bufferSize);
        writer.command(1).arg(number).flush();
        List<?> words = (List<?>) new RespReader(new ByteArrayInputStream(sent.toByteArray()), 64).reply();
        return new String((byte[]) words.get(0), StandardCharsets.US_ASCII);
    }

    @Property(tries = 100)
    void partsOfArraysAndRawBytesGoOutInOrder(
            @ForAll @Size(min = 2, max = 300) byte[] bytes, @ForAll @IntRange(min = 24, max = 100) int bufferSize)
            throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        RespWriter writer = new RespWriter(sent, bufferSize);
        writer.command(2).arg(bytes, 1, bytes.length - 2);
        byte[] encoded = "$2\r\nok\r\n".getBytes(StandardCharsets.US_ASCII);
        writer.raw(encoded, 0, encoded.length);
        writer.flush();

        List<?> words = (List<?>) new RespReader(new ByteArrayInputStream(sent.toByteArray()), 64).reply();
        assertThat((byte[]) words.get(0)).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1, bytes.length - 1));
        assertThat(words.get(1)).isEqualTo("ok".getBytes(StandardCharsets.US_ASCII));
    }
}
