package io.camelrump.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.run.PageData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The files of version 1 are read by this version, and by each later one. They are never written anew: a change that
 * this test finds breaks backups that people have.
 */
class WireFixturesTest {
    private static final Path V1 = Path.of("src/test/resources/wire/v1");
    private static final Path SPECIFICATION = Path.of("src/main/docs/wire-format.adoc");
    /** A line of the worked example: offset, bytes, and what they are. */
    private static final Pattern LINE = Pattern.compile("(?m)^([0-9a-f]{4})  ((?:[0-9a-f]{2} )+) *\\S.*$");

    @Test
    void everyRecordIsReadAsItWasWritten() throws IOException {
        WireReader reader = new WireReader(new ByteArrayInputStream(fixture("every-record.rump")));
        List<PageData> pages = WireExamples.read(reader);

        assertThat(pages.stream().limit(5).map(WireExamples::text))
                .isEqualTo(WireExamples.all().stream().map(WireExamples::text).toList());
        assertThat(pages.get(5).origin().last()).isTrue();
        assertThat(reader.end()).isEqualTo(WireExamples.end());
    }

    @Test
    void everyRecordIsWrittenAsItWas() throws IOException {
        assertThat(WireExamples.bytes()).isEqualTo(fixture("every-record.rump"));
    }

    @Test
    void exampleOfTheSpecificationIsTheFileAndWhatIsWritten() throws IOException {
        List<MatchResult> lines =
                LINE.matcher(Files.readString(SPECIFICATION)).results().toList();
        byte[] specified = HexFormat.of()
                .parseHex(lines.stream()
                        .map(line -> line.group(2).replace(" ", ""))
                        .collect(Collectors.joining()));
        int offset = 0;
        for (MatchResult line : lines) {
            assertThat(Integer.parseInt(line.group(1), 16)).isEqualTo(offset);
            offset += line.group(2).length() / 3;
        }

        assertThat(specified).isEqualTo(fixture("example.rump")).isEqualTo(WireExamples.specified());
        assertThat(WireExamples.read(specified)).hasSize(2);
    }

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(V1.resolve(name));
    }
}
