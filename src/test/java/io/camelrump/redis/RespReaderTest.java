package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespReaderTest {

    @Property(tries = 300)
    void anySplitOfTheStreamGivesTheSameReplies(
            @ForAll @Size(max = 8) List<@From("replies") Reply> replies,
            @ForAll @IntRange(min = 1, max = 64) int bufferSize,
            @ForAll @IntRange(min = 1, max = 40) int longestRead,
            @ForAll Random random)
            throws IOException {
        byte[] stream = join(replies);
        RespReader whole = reader(stream, 1 << 16);
        RespReader split = new RespReader(new Trickle(stream, longestRead, random), bufferSize);
        for (Reply reply : replies) {
            assertThat(whole.reply()).usingRecursiveComparison().isEqualTo(reply.value());
            assertThat(split.reply()).usingRecursiveComparison().isEqualTo(reply.value());
        }
        assertThatThrownBy(whole::reply).isInstanceOf(EOFException.class);
        assertThatThrownBy(split::reply).isInstanceOf(EOFException.class);
    }

    @Property(tries = 300)
    void aStreamCutAnywhereIsAnEndOfFile(
            @ForAll("replies") Reply reply,
            @ForAll @IntRange(min = 1, max = 32) int bufferSize,
            @ForAll Random random) {
        byte[] stream = reply.wire();
        byte[] cut = Arrays.copyOf(stream, random.nextInt(stream.length));

        assertThatThrownBy(() -> reader(cut, bufferSize).reply()).isInstanceOf(EOFException.class);
    }

    /** Anything may come from what is not a Redis: it ends in a reply or in an input error, soon. */
    @Property(tries = 2000)
    void noiseNeverBreaksOutOfInputErrors(
            @ForAll("noise") byte[] noise, @ForAll @IntRange(min = 1, max = 64) int bufferSize) {
        RespReader reader = reader(noise, bufferSize);
        List<Object> replies = new ArrayList<>();

        assertThatThrownBy(() -> {
                    while (true) {
                        replies.add(reader.reply());
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(replies.size()).isLessThanOrEqualTo(noise.length);
    }

    @Property
    void everyNumberIsReadAsItWasSpelled(@ForAll long number, @ForAll @IntRange(min = 1, max = 64) int bufferSize)
            throws IOException {
        // Long.MIN_VALUE has no positive twin; no server sends it as a reply to us
        long sent = Math.max(number, -Long.MAX_VALUE);

        assertThat(reader(bytes(":" + sent + "\r\n" + "x".repeat(64)), bufferSize)
                        .reply())
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$-2\r\n",
                "$99999999999\r\n",
                "$67108865\r\n",
                "$9223372036854775807\r\n",
                "$9223372036854775808\r\n",
                "$99999999999999999999\r\n",
                "*-2\r\n",
                "*99999999\r\n",
                "*9223372036854775807\r\n",
                "%9223372036854775807\r\n",
                "%4611686018427387904\r\n",
                "%8388609\r\n",
                "$\r\n",
                "$-\r\n",
                "$1x\r\nab\r\n",
                "$ 1\r\na\r\n",
                ":\r\n",
                ":--1\r\n",
                ":1\n",
                ":1\rx",
                "$1\r\nabc",
                "HTTP/1.1 400 Bad Request\r\n",
                "\r\n",
            })
    void refusesWhatNoServerSays(String hostile) {
        // enough behind it, so that the end of the stream is not what is complained of
        byte[] stream = bytes(hostile + " ".repeat(100));

        assertThatThrownBy(() -> reader(stream, 16).reply()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader(stream, 4096).reply()).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*16777216\r\n", "$67108864\r\nabc", "*1000000\r\n:1\r\n", "%8388608\r\n"})
    void makesNoRoomForArraysThatDoNotCome(String promise) {
        assertThatThrownBy(() -> reader(bytes(promise), 64).reply()).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "~", ">", "%"})
    void refusesNestingWithoutEnd(String kind) {
        byte[] stream = bytes((kind + "1\r\n").repeat(1_000_000));

        assertThatThrownBy(() -> reader(stream, 4096).reply())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("depth");
    }

    @Test
    void aReplyOfMoreBytesThanAreTakenIsReadToItsEnd() throws IOException {
        for (String reply : List.of("$70\r\n" + "x".repeat(70) + "\r\n", "*3\r\n+a\r\n:1\r\n$-1\r\n")) {
            RespReader in = reader(bytes(reply + ":7\r\n"), 16);
            in.replyWithin(64);

            assertThat(in.wasCut()).isTrue();
            assertThat(in.replyWithin(64)).isEqualTo(7L);
            assertThat(in.wasCut()).isFalse();
        }
    }

    @Test
    void elementsTakeRoomWhateverTheyHold() throws IOException {
        int elements = 3_000_000;
        byte[] many = bytes("*" + elements + "\r\n" + "$-1\r\n".repeat(elements) + ":7\r\n");
        RespReader in = reader(many, 4096);

        assertThat(in.reply()).isInstanceOfSatisfying(ErrorReply.class, error -> assertThat(error.isOversized())
                .isTrue());
        assertThat(in.reply()).isEqualTo(7L);
    }

    @Test
    void givesUpOnALineWithoutEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        assertThatThrownBy(() -> {
                    RespReader reader = new RespReader(endless, 4096);
                    reader.line();
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("line");
        assertThatThrownBy(() -> new RespReader(endless, 4096).number()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void errorsInsideArraysAreTheirElements() throws IOException {
        Object reply = reader(bytes("*3\r\n:1\r\n*1\r\n-ERR inner\r\n-OOM outer\r\n"), 8)
                .reply();

        assertThat(reply).isEqualTo(List.of(1L, List.of(new ErrorReply("ERR inner")), new ErrorReply("OOM outer")));
    }

    @Test
    void readsTheKindsOfTheThirdProtocol() throws IOException {
        RespReader reader = reader(
                bytes("%1\r\n+a\r\n#t\r\n,1.5\r\n_\r\n(123\r\n=5\r\ntxt:a\r\n!5\r\nERR x\r\n>1\r\n:1\r\n~0\r\n"), 16);

        assertThat(reader.reply()).isEqualTo(List.of("a", true));
        assertThat(reader.reply()).isEqualTo("1.5");
        assertThat(reader.reply()).isNull();
        assertThat(reader.reply()).isEqualTo("123");
        assertThat(reader.reply()).isEqualTo(bytes("txt:a"));
        assertThat(reader.reply()).isEqualTo(new ErrorReply("ERR x"));
        assertThat(reader.reply()).isEqualTo(List.of(1L));
        assertThat(reader.reply()).isEqualTo(List.of());
    }

    @Property(tries = 300)
    void payloadsAreReadAndSkippedAlike(
            @ForAll byte[] payload,
            @ForAll @IntRange(min = 1, max = 64) int bufferSize,
            @ForAll @IntRange(min = 1, max = 40) int longestRead,
            @ForAll Random random)
            throws IOException {
        byte[] wire = new Reply("", bulk(payload)).wire();
        byte[] stream = join(List.of(new Reply("", wire), new Reply("", wire), new Reply("", bytes(":7\r\n"))));
        RespReader reader = new RespReader(new Trickle(stream, longestRead, random), bufferSize);

        assertThat(reader.type()).isEqualTo((byte) '$');
        reader.skipBulk(reader.bulkLength());
        assertThat(reader.type()).isEqualTo((byte) '$');
        byte[] target = new byte[payload.length + 2];
        reader.bulk(target, 1, Math.toIntExact(reader.bulkLength()));
        assertThat(Arrays.copyOfRange(target, 1, 1 + payload.length)).isEqualTo(payload);
        assertThat(target[0]).isZero();
        assertThat(target[target.length - 1]).isZero();
        assertThat(reader.reply()).isEqualTo(7L);
    }

    /** A value and how a server spells it. */
    record Reply(Object value, byte[] wire) {}

    @Provide
    Arbitrary<Reply> replies() {
        Arbitrary<Reply> flat = Arbitraries.oneOf(
                Arbitraries.longs()
                        .greaterOrEqual(-Long.MAX_VALUE)
                        .map(number -> new Reply(number, bytes(":" + number + "\r\n"))),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(bytes -> new Reply(bytes, bulk(bytes))),
                Arbitraries.strings()
                        .ascii()
                        .excludeChars('\r', '\n')
                        .ofMaxLength(50)
                        .map(text -> new Reply(text, bytes("+" + text + "\r\n"))),
                Arbitraries.strings()
                        .alpha()
                        .ofMaxLength(50)
                        .map(text -> new Reply(new ErrorReply(text), bytes("-" + text + "\r\n"))),
                Arbitraries.of(new Reply(null, bytes("$-1\r\n")), new Reply(null, bytes("*-1\r\n"))));
        return Arbitraries.recursive(
                () -> flat, inner -> inner.list().ofMaxSize(4).map(RespReaderTest::array), 0, 3);
    }

    @Provide
    Arbitrary<byte[]> noise() {
        return Arbitraries.oneOf(
                        Arbitraries.of("$", "*", ":", "+", "-", "%", "~", ">", "!", "=", "_", "#", ",", "("),
                        Arbitraries.of("\r\n", "\r", "\n", "-1", "-2", "0", "1", "3", "99999999999", "OK"),
                        Arbitraries.strings().ascii().ofMaxLength(3))
                .list()
                .ofMaxSize(40)
                .map(parts -> bytes(String.join("", parts)));
    }

    private static Reply array(List<Reply> elements) {
        List<Object> values = new ArrayList<>();
        elements.forEach(element -> values.add(element.value()));
        Reply head = new Reply("", bytes("*" + elements.size() + "\r\n"));
        List<Reply> parts = new ArrayList<>(List.of(head));
        parts.addAll(elements);
        return new Reply(values, join(parts));
    }

    private static byte[] bulk(byte[] content) {
        return join(List.of(
                new Reply("", bytes("$" + content.length + "\r\n")),
                new Reply("", content),
                new Reply("", bytes("\r\n"))));
    }

    private static byte[] join(List<Reply> replies) {
        byte[] joined =
                new byte[replies.stream().mapToInt(reply -> reply.wire().length).sum()];
        int at = 0;
        for (Reply reply : replies) {
            System.arraycopy(reply.wire(), 0, joined, at, reply.wire().length);
            at += reply.wire().length;
        }
        return joined;
    }

    private static RespReader reader(byte[] stream, int bufferSize) {
        return new RespReader(new ByteArrayInputStream(stream), bufferSize);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Gives a few bytes at a time, as a network may. */
    private static final class Trickle extends InputStream {
        private final byte[] bytes;
        private final int longest;
        private final Random random;
        private int at;

        Trickle(byte[] bytes, int longest, Random random) {
            this.bytes = bytes;
            this.longest = longest;
            this.random = random;
        }

        @Override
        public int read() {
            return at == bytes.length ? -1 : bytes[at++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == bytes.length) {
                return -1;
            }
            int n = Math.min(Math.min(length, 1 + random.nextInt(longest)), bytes.length - at);
            System.arraycopy(bytes, at, target, offset, n);
            at += n;
            return n;
        }
    }
}
