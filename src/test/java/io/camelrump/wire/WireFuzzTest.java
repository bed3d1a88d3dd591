package io.camelrump.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.WireFormatException;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.KeyPart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * A million mutated inputs give the error that is declared, or pages that make sense. Half of them have checksums that
 * are right again, so that more than the checksums is put to the test.
 */
class WireFuzzTest {
    private static final long SEED = 20_261_129;
    private static final int INPUTS = 1_000_000;
    private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xff};
    private static final int MOST_BYTES = 8_192;

    private final Random random = new Random(SEED);
    private long pages;
    private long errors;

    @Test
    void aMillionMutatedInputsGiveDeclaredErrorsOrPagesThatMakeSense() throws IOException {
        List<byte[]> seeds = seeds();
        for (int i = 0; i < INPUTS; i++) {
            byte[] input = mutated(seeds);
            try {
                read(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", input " + i + ": " + Arrays.toString(input), e);
            }
        }

        System.out.printf("seed %d: %d inputs, %d pages, %d declared errors%n", SEED, INPUTS, pages, errors);
        assertThat(errors).isGreaterThan(INPUTS / 2);
        assertThat(pages).isGreaterThan(INPUTS / 4);
    }

    private void read(byte[] input) throws IOException {
        WireReader reader = new WireReader(new ByteArrayInputStream(input));
        long before = 0;
        try {
            for (PageData page = reader.next(); page != null; page = reader.next()) {
                pages++;
                before += page.bytes();
                makesSense(page);
            }
        } catch (WireFormatException e) {
            errors++;
            assertThat(e.offset()).isBetween(0L, (long) input.length);
        }
        assertThat(before).isLessThanOrEqualTo(input.length);
    }

    /** All that a producer asks of a page has an answer, and the page is written as it was read. */
    private static void makesSense(PageData page) throws IOException {
        if (page.origin().last()) {
            return;
        }
        for (int i = 0; i < page.size(); i++) {
            if (page.form() != PageForm.PAYLOADS) {
                KeyPart.of(page, i);
            }
        }
        List<PageData> again = WireExamples.read(WireExamples.bytes(page));
        if (!WireExamples.text(again.get(0)).equals(WireExamples.text(page))) {
            throw new AssertionError(WireExamples.text(page));
        }
    }

    private static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (PageData page : WireExamples.all()) {
            seeds.add(WireExamples.bytes(page));
        }
        seeds.add(WireExamples.bytes());
        return seeds;
    }

    private byte[] mutated(List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            input = mutated(input, seeds);
        }
        if (random.nextBoolean()) {
            seal(input);
        }
        return input;
    }

    private byte[] mutated(byte[] input, List<byte[]> seeds) {
        int at = input.length == 0 ? 0 : random.nextInt(input.length);
        switch (input.length == 0 ? 4 : random.nextInt(7)) {
            case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> input[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 2 -> input[at] = (byte) random.nextInt(256);
            case 3 ->
                Arrays.fill(input, at, Math.min(input.length, at + 4), (byte) EDGES[random.nextInt(EDGES.length)]);
            case 4 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                return joined(Arrays.copyOf(input, at), Arrays.copyOfRange(other, from, other.length));
            }
            case 5 -> {
                return Arrays.copyOf(input, at);
            }
            default -> {
                int to = at + random.nextInt(Math.min(64, input.length - at) + 1);
                byte[] slice = Arrays.copyOfRange(input, at, to);
                return joined(joined(Arrays.copyOf(input, to), slice), Arrays.copyOfRange(input, to, input.length));
            }
        }
        return input;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, Math.min(MOST_BYTES, one.length + other.length));
        System.arraycopy(other, 0, joined, Math.min(one.length, joined.length), joined.length - one.length);
        return joined;
    }

    /** Makes the checksums of all records right, as far as there are records. */
    private static void seal(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        int at = 0;
        while (at + 13 <= input.length) {
            boolean header = (input[at] & 0xff) == WireFormat.magicByte(0);
            int length = bytes.getInt(header ? at + 9 : at + 1);
            int body = header ? at + 13 : at + WireFormat.HEAD_BYTES;
            if (!header) {
                bytes.putInt(at + 5, sum(input, at, at + 5));
            }
            if (length < 0 || length > input.length - body - WireFormat.CHECKSUM_BYTES) {
                return;
            }
            bytes.putInt(body + length, sum(input, at, body + length));
            at = body + length + WireFormat.CHECKSUM_BYTES;
        }
    }

    private static int sum(byte[] bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }
}
