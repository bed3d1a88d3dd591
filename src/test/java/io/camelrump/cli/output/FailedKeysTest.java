package io.camelrump.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedKeysTest {
    private final PrintWriter stream = new PrintWriter(new StringWriter());

    @TempDir
    Path folder;

    private Path list;
    private Path part;

    @BeforeEach
    void name() {
        list = folder.resolve("list");
        part = folder.resolve("list.rump-part");
    }

    private FailedKeys open() throws IOException {
        return FailedKeys.to(OutputFile.of(list), stream, stream);
    }

    @Test
    void aLineIsOnDiskAtOnceAndInItsPlaceAtTheEnd() throws IOException {
        Files.writeString(list, "older");
        FailedKeys keys = open();

        keys.write("\"a\"", "refused\nby the server");
        assertThat(list).hasContent("older");
        assertThat(part).hasContent("\"a\"\trefused by the server\n");

        assertThat(keys.end(false)).isNull();
        assertThat(list).hasContent("\"a\"\trefused by the server\n");
        assertThat(part).doesNotExist();
    }

    @Test
    void aResumedRunTakesOverTheListOfAKilledRun() throws IOException {
        Files.writeString(list, "\"x\"\tof some other run\n");
        Files.writeString(part, "\"a\"\tof the killed run\n");

        assertThat(open().end(false)).isNull();
        assertThat(part).as("of a run that could not begin").exists();

        FailedKeys resumed = open();
        resumed.keepEarlier();
        resumed.write("\"b\"", "of the next");
        resumed.end(true);
        assertThat(list).hasContent("\"a\"\tof the killed run\n\"b\"\tof the next\n");
    }

    @Test
    void aResumedRunAddsToTheListOfAStoppedRun() throws IOException {
        Files.writeString(list, "\"a\"\tof the stopped run\n");
        FailedKeys resumed = open();
        resumed.keepEarlier();
        resumed.end(true);

        assertThat(list).hasContent("\"a\"\tof the stopped run\n");
    }

    @Test
    void aRunThatStartsAnewForgetsWhatAKilledOneLeft() throws IOException {
        Files.writeString(part, "\"a\"\tof the killed run\n");
        FailedKeys keys = open();
        keys.end(true);

        assertThat(list).isEmptyFile();
        assertThat(part).doesNotExist();
    }

    @Test
    void anInterruptLosesNoLine() throws IOException {
        FailedKeys keys = open();
        Thread.currentThread().interrupt();
        keys.write("\"a\"", "refused");
        assertThat(Thread.interrupted()).isTrue();
        keys.write("\"b\"", "refused");

        assertThat(keys.end(true)).isNull();
        assertThat(list).hasContent("\"a\"\trefused\n\"b\"\trefused\n");
    }

    @Test
    void twoRunsDoNotWriteOneList() throws IOException {
        FailedKeys first = open();

        assertThatThrownBy(this::open).hasMessageContaining("another run");

        first.end(false);
        assertThat(part).doesNotExist();
    }

    @Test
    void anotherFileInTheWayIsLeftAlone() throws IOException {
        Files.writeString(part, "of somebody else");

        assertThatThrownBy(this::open).hasMessageContaining("is no list of failed keys");
        assertThat(part).hasContent("of somebody else");
    }
}
