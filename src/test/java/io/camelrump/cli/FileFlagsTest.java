package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "--live has no place where --to names a file, --live --until-after=1s",
        "--checkpoint has no place where --to names a file, --checkpoint=c",
        "--wait-replicas has no place where --to names a file, --wait-replicas=1",
        "--to-password-file has no place where --to names a file, --to-password-file=p",
        "--functions has no place where --to names a file, --functions",
        "--drop-field-ttl has no place where --to names a file, --drop-field-ttl",
        "--on-conflict is about keys that a server has, --on-conflict=keep",
        "--ttl=false has no place where --to names a file, --ttl=false",
        "--to and --json name the same file, --json=backup.rump",
    })
    void aFlagThatOnlyAServerHasIsRefusedBesideAFile(String message, String flags) {
        assertRefused(
                message,
                Stream.concat(Stream.of("-from", "redis://old", "-to", "backup.rump"), Stream.of(flags.split(" ")))
                        .toArray(String[]::new));
    }

    @Test
    void overwriteIsRefusedBesideAServer() {
        assertRefused("--overwrite is about a file", "-from", "redis://old", "-to", "redis://new", "--overwrite");
    }

    @Test
    void anAddressWithoutAPathIsRefused() {
        assertRefused("--to names no file", "-from", "redis://old", "-to", "file:");
        assertRefused("--from names no file", "-from", "rump1:", "-to", "redis://new");
    }

    @Test
    void commandsAreNotReadBack() {
        assertRefused("--verify cannot read commands back", "-from", "redis://old", "-to", "resp:x", "--verify");
    }

    @Test
    void oneFileCannotBeBothSides() {
        assertRefused("--from and --to name the same file", "-from", "file:x", "-to", "rump1:x");
    }

    @Test
    void aCheckIsAboutTwoServers() {
        assertRefused("a check is about two servers", "check", "-from", "redis://old", "-to", "backup.rump");
    }

    private static void assertRefused(String message, String... arguments) {
        CommandRun run = CommandRun.of(arguments);

        assertThat(run.err()).startsWith("rump: ").contains(message);
        assertThat(run.err().lines()).hasSize(2).last().isEqualTo("Try rump --help.");
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
