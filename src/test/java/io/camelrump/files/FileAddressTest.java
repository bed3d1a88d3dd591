package io.camelrump.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.UsageException;
import io.camelrump.files.FileAddress.Compression;
import io.camelrump.files.FileAddress.Form;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileAddressTest {

    @ParameterizedTest
    @CsvSource({
        "backup.rump, RUMP, backup.rump, NONE",
        "a/b c.rump.gz, RUMP, a/b c.rump.gz, GZIP",
        "/x/BACKUP.rump.zst, RUMP, /x/BACKUP.rump.zst, ZSTD",
        "file:nightly, RUMP, nightly, NONE",
        "file:nightly.GZ, RUMP, nightly.GZ, GZIP",
        "file:///var/nightly, RUMP, /var/nightly, NONE",
        "rump1:old.rump, RUMP1, old.rump, NONE",
        "resp:commands.zst, RESP, commands.zst, ZSTD",
        "resp:-, RESP, -, NONE",
        "-, RUMP, -, NONE",
    })
    void aFileIsKnownByItsPrefixOrItsEnding(String text, Form form, String path, Compression compression) {
        assertThat(FileAddress.isOne(text)).isTrue();
        assertThat(FileAddress.parse(text)).isEqualTo(new FileAddress(form, path));
        assertThat(FileAddress.parse(text).compression()).isEqualTo(compression);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://host",
                "rediss://host:6379/0",
                "redis://host/backup.rump",
                "redis://:file:@host",
                "backup.rdb",
                "backup.rump.bz2",
                "host:6379",
                "--",
                ""
            })
    void anythingElseIsAnAddress(String text) {
        assertThat(FileAddress.isOne(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:", "resp:", "rump1:", "", "file://", "file://host/path", "a\0.rump"})
    void aPathThatNamesNoFileIsRefused(String text) {
        assertThatThrownBy(() -> FileAddress.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("names");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup.rump", "rump1:old.rump", "resp:-", "-", "/x/y.rump.gz"})
    void itsTextNamesTheSameFile(String text) {
        assertThat(FileAddress.parse(text)).hasToString(text);
    }
}
