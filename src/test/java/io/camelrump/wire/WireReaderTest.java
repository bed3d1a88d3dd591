package io.camelrump.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Pages;
import io.camelrump.RunState;
import io.camelrump.WireFormatException;
import io.camelrump.run.PageData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is written is read again, and what was damaged is found, at its place. */
class WireReaderTest {
    private static final int HEADER_BYTES = 79;

    @Test
    void pagesAndTheEndMarkerComeBackAsTheyWere() throws IOException {
        WireReader reader = new WireReader(new ByteArrayInputStream(WireExamples.bytes()));
        List<PageData> pages = WireExamples.read(reader);

        assertThat(pages.stream().limit(5).map(WireExamples::text))
                .isEqualTo(WireExamples.all().stream().map(WireExamples::text).toList());
        assertThat(WireExamples.text(pages.get(5))).isEqualTo(WireExamples.text(WireExamples.lastAsRead()));
        assertThat(reader.end()).isEqualTo(WireExamples.end());
    }

    @Test
    void keysOfSeveralRunsAndOfNoneFollowOneAnother() throws IOException {
        PageData ofNone = PageData.of(new byte[] {'k'}, WireExamples.HELLO, -1);
        byte[] bytes = WireExamples.bytes(ofNone, WireExamples.strings(), ofNone);

        assertThat(WireExamples.read(bytes).stream().map(WireExamples::text))
                .containsExactly(
                        WireExamples.text(ofNone),
                        WireExamples.text(WireExamples.strings()),
                        WireExamples.text(ofNone));
        assertThat(bytes).hasSizeGreaterThan(2 * HEADER_BYTES);
    }

    @Test
    void keysThatWereSelectedFromAPageTravelAlone() throws IOException {
        PageData page = WireExamples.strings();

        List<PageData> read = WireExamples.read(WireExamples.bytes(page.slice(1), page.select(new int[] {1, 0})));

        assertThat(read.get(0).payload(0)).isEqualTo(WireExamples.HELLO);
        assertThat(Pages.keys(read.get(0))).containsExactly("session:1");
        assertThat(Pages.keys(read.get(1))).containsExactly("session:1", "greeting");
        assertThat(read.get(1).expiresAtMillis(0)).isEqualTo(WireExamples.EXPIRY);
    }

    @Test
    void streamsAreJoinedByPuttingOneBehindTheOther() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(WireExamples.bytes());
        both.writeBytes(WireExamples.bytes());

        assertThat(WireExamples.read(both.toByteArray())).hasSize(12);
    }

    @Test
    void streamThatIsCutOffGivesAllPagesBeforeAndTheOffset() throws IOException {
        byte[] bytes = WireExamples.bytes();
        Records records = Records.of(bytes);
        for (int length = 0; length < bytes.length; length++) {
            WireReader reader = new WireReader(new ByteArrayInputStream(bytes, 0, length));
            List<PageData> read = new ArrayList<>();
            if (length > 0 && records.starts().contains(length)) {
                addAll(reader, read);
                assertThat(reader.end()).isNull();
            } else {
                int start = records.startBefore(length);
                assertThatThrownBy(() -> addAll(reader, read))
                        .isInstanceOfSatisfying(WireFormatException.class, e -> assertThat(e.offset())
                                .isEqualTo(start))
                        .hasMessageMatching("(?s)At byte .*(cut off|nothing is here).*");
            }
            assertThat(read).hasSize(records.pagesBefore(length));
        }
    }

    @Test
    void eachByteThatIsFlippedIsFoundInItsRecord() throws IOException {
        byte[] bytes = WireExamples.bytes();
        Records records = Records.of(bytes);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) (1 << i % 8);
            int start = records.startBefore(i);
            List<PageData> read = new ArrayList<>();
            assertThatThrownBy(() -> addAll(new WireReader(new ByteArrayInputStream(damaged)), read))
                    .isInstanceOfSatisfying(WireFormatException.class, e -> assertThat(e.offset())
                            .isEqualTo(start));
            assertThat(read).hasSize(records.pagesBefore(i));
        }
    }

    @Test
    void readerThatFoundDamageStaysAtIt() throws IOException {
        byte[] bytes = WireExamples.bytes();
        bytes[HEADER_BYTES + 60]++;
        WireReader reader = new WireReader(new ByteArrayInputStream(bytes));

        assertThatThrownBy(reader::next).hasMessageContaining("a page is damaged: its checksum is");
        assertThatThrownBy(reader::next).hasMessageStartingWith("At byte " + HEADER_BYTES + ": ");
    }

    @Test
    void laterVersionsAndOtherFilesAreNamedAsWhatTheyAre() throws IOException {
        byte[] later = WireExamples.bytes();
        later[8] = 2;

        assertThatThrownBy(() -> WireExamples.read(later)).hasMessageContaining("version 2", "later camel-rump");
        assertThatThrownBy(() -> WireExamples.read("REDIS0011".getBytes())).hasMessageContaining("no header");
    }

    @Test
    void recordsOfLaterWritersAreLeftOutWhereTheirTypeAllowsThat() throws IOException {
        assertThat(WireExamples.read(withRecord(0x41))).hasSize(2);
        assertThatThrownBy(() -> WireExamples.read(withRecord(3)))
                .hasMessageContaining("a record of type 3, which this reader does not know");
    }

    @Test
    void lengthThatNobodyBacksTakesNoMemory() {
        byte[] lying = new byte[HEADER_BYTES + WireFormat.HEAD_BYTES + 10];
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        assertThatThrownBy(() -> {
                    head.writeBytes(Arrays.copyOf(WireExamples.bytes(), HEADER_BYTES));
                    new RecordOutput(head).begin(WireFormat.PAGE, 100_000_000);
                    System.arraycopy(head.toByteArray(), 0, lying, 0, head.size());
                    WireExamples.read(lying);
                })
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("cut off within a page, of which 10 of 42 bytes are there");
    }

    @Test
    void largePageIsReadFromAStreamThatGivesFewBytesAtATime() throws IOException {
        byte[] payload = new byte[3_000_000];
        Arrays.fill(payload, (byte) 7);
        byte[] bytes = WireExamples.bytes(PageData.of(new byte[] {'k'}, payload, -1));

        PageData page = Objects.requireNonNull(new WireReader(new Slow(bytes)).next());

        assertThat(page.payload(0)).isEqualTo(payload);
    }

    @Test
    void pageIsWrittenFromItsOwnArrays() throws IOException {
        byte[] payload = new byte[100_000];
        PageData page = PageData.of(new byte[] {'k'}, payload, -1);
        List<byte[]> arrays = new ArrayList<>();
        new WireWriter(
                        new OutputStream() {
                            @Override
                            public void write(int b) {
                                throw new IllegalStateException("one byte");
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                arrays.add(bytes);
                            }
                        },
                        "test")
                .page(page);

        assertThat(arrays).anyMatch(array -> array == page.payloads());
        assertThat(arrays.stream().filter(array -> array != page.payloads()).mapToInt(array -> array.length))
                .allMatch(length -> length < 1_000);
    }

    @Test
    void endMarkerWithoutAStateIsReadAsSuch() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WireEnd unknown = new WireEnd(null, null, WireExamples.end().counts());
        new WireWriter(out, "test").end(PageData.end(3, null), unknown);
        WireReader reader = new WireReader(new ByteArrayInputStream(out.toByteArray()));

        assertThat(WireExamples.read(reader)).singleElement().satisfies(page -> {
            assertThat(page.origin().last()).isTrue();
            assertThat(page.database()).isEqualTo(3);
        });
        assertThat(reader.end()).isEqualTo(unknown);
        assertThat(RunState.values()).filteredOn(RunState::isFinal).hasSizeGreaterThan(3);
    }

    private static void addAll(WireReader reader, List<PageData> read) throws IOException {
        for (PageData page = reader.next(); page != null; page = reader.next()) {
            read.add(page);
        }
    }

    /** Where headers and other records start, and where those that are pages end. */
    private record Records(List<Integer> starts, List<Integer> pageEnds) {
        static Records of(byte[] bytes) {
            List<Integer> starts = new ArrayList<>();
            List<Integer> pageEnds = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                starts.add(at);
                boolean header = (bytes[at] & 0xff) == WireFormat.magicByte(0);
                int length = ByteBuffer.wrap(bytes).getInt(header ? at + 9 : at + 1);
                at += (header ? 13 : WireFormat.HEAD_BYTES) + length + WireFormat.CHECKSUM_BYTES;
                if (!header) {
                    pageEnds.add(at);
                }
            }
            return new Records(starts, pageEnds);
        }

        int startBefore(int offset) {
            return starts.stream().filter(start -> start <= offset).reduce(0, Math::max);
        }

        int pagesBefore(int offset) {
            return (int) pageEnds.stream().filter(end -> end <= offset).count();
        }
    }

    private static byte[] withRecord(int type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(WireExamples.bytes(WireExamples.strings()));
        RecordOutput record = new RecordOutput(out);
        record.begin(type, 3);
        record.write(new byte[3], 0, 3);
        record.end();
        out.writeBytes(WireExamples.bytes(WireExamples.strings()));
        return out.toByteArray();
    }

    /** Gives a kilobyte at a time, and does not know how much will come. */
    private static final class Slow extends InputStream {
        private final ByteArrayInputStream all;

        Slow(byte[] all) {
            this.all = new ByteArrayInputStream(all);
        }

        @Override
        public int read() {
            return all.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return all.read(bytes, offset, Math.min(1024, length));
        }
    }
}
