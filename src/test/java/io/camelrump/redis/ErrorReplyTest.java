package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReplyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OOM command not allowed when used memory > 'maxmemory'.",
                "LOADING Redis is loading the dataset in memory",
                "LOADING Valkey is loading the dataset in memory",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "NOREPLICAS Not enough good replicas to write.",
                "NOREPLICAS Not enough good slaves to write.",
                "READONLY You can't write against a read only replica.",
                "READONLY You can't write against a read only slave.",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "CLUSTERDOWN Hash slot not served",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "ERR max number of clients reached",
            })
    void transientErrorsMayBeRetried(String text) {
        ErrorReply error = new ErrorReply(text);

        assertThat(error.isTransient()).isTrue();
        assertThat(error.deniesCommand()).isFalse();
        assertThat(error.deniesKey()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOAUTH Authentication required.",
                "WRONGPASS invalid username-password pair or user is disabled.",
                "NOPERM this user has no permissions to run the 'dump' command",
                "NOPERM this user has no permissions to run the 'dump' command or its subcommand",
                "NOPERM User alice has no permissions to run the 'dump' command",
                "ERR unknown command 'RESTORE', with args beginning with: 'key' '0' ",
                "ERR unknown command `RESTORE`, with args beginning with: `key`, `0`, ",
                "ERR unknown command 'RESTORE'",
            })
    void aCommandThatMayNotBeRunIsDenied(String text) {
        ErrorReply error = new ErrorReply(text);

        assertThat(error.deniesCommand()).isTrue();
        assertThat(error.isTransient()).isFalse();
        assertThat(error.deniesKey()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM No permissions to access a key",
                "NOPERM this user has no permissions to access one of the keys used as arguments",
            })
    void aKeyThatMayNotBeReadIsDeniedAlone(String text) {
        ErrorReply error = new ErrorReply(text);

        assertThat(error.deniesKey()).isTrue();
        assertThat(error.deniesCommand()).isFalse();
        assertThat(error.isTransient()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BUSYKEY Target key name already exists.",
                "ERR Target key name is busy.",
                "ERR DUMP payload version or checksum are wrong",
                "ERR Bad data format",
                "ERR Protocol error: invalid bulk length",
                "ERR Invalid TTL value, must be >= 0",
                "ERR syntax error",
                "ERR DB index is out of range",
                "ERR SELECT is not allowed in cluster mode",
                "CROSSSLOT Keys in request don't hash to the same slot",
                "EXECABORT Transaction discarded because of previous errors.",
                "BUSYGROUP Consumer Group name already exists",
                "",
            })
    void otherErrorsAreNeitherTransientNorADenial(String text) {
        ErrorReply error = new ErrorReply(text);

        assertThat(error.isTransient()).isFalse();
        assertThat(error.deniesCommand()).isFalse();
        assertThat(error.deniesKey()).isFalse();
    }

    @Test
    void aKeyOfAnotherNodeIsSentThere() {
        ErrorReply moved = new ErrorReply("MOVED 12182 127.0.0.1:7000");
        ErrorReply ask = new ErrorReply("ASK 5061 127.0.0.1:7001");

        assertThat(moved.isRedirection()).isTrue();
        assertThat(moved.isAsk()).isFalse();
        assertThat(moved.isTransient()).isTrue();
        assertThat(ask.isRedirection()).isTrue();
        assertThat(ask.isAsk()).isTrue();
        assertThat(ask.node()).isEqualTo("127.0.0.1:7001");
        assertThat(new ErrorReply("ERR no such key").isRedirection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR no such key",
                "ERR No such key",
                "NOGROUP No such key 'stream' or consumer group 'group'",
                "NOGROUP No such consumer group 'group' for key name 'stream'",
            })
    void anErrorAboutAMissingKeyIsKnownWhateverItsWords(String text) {
        ErrorReply error = new ErrorReply(text);

        assertThat(error.isOfMissing()).isTrue();
        assertThat(error.isTransient()).isFalse();
        assertThat(error.deniesCommand()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERR syntax error", "WRONGTYPE Operation against a key", "NOPERM no such key for you"})
    void otherErrorsAreNotOfWhatIsMissing(String text) {
        assertThat(new ErrorReply(text).isOfMissing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM this user has no permissions to run the 'info' command",
                "ERR unknown command 'INFO'",
                "ERR syntax error",
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                "MOVED 1 127.0.0.1:7001",
                "OVERSIZED an element has 600 bytes, more than the 500 that are read at once",
            })
    void lastingErrorsAreAnswers(String text) {
        assertThat(new ErrorReply(text).isDefinitive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BUSY Redis is busy", "LOADING Redis is loading", "WEIRD words", "upstream failure"})
    void passingErrorsAndUnknownWordsAreNoAnswers(String text) {
        assertThat(new ErrorReply(text).isDefinitive()).isFalse();
    }
}
