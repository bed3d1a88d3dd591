package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTextTest {
    private static final ServerAddress NEW =
            new ServerAddress("new.example", 6379, null, null, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OOM command not allowed when used memory > 'maxmemory'. | Raise its maxmemory",
                "READONLY You can't write against a read only replica. | name its master",
                "LOADING Redis is loading the dataset in memory | --retry-for",
                "MISCONF Errors writing to the AOF file: No space left on device | see its log for the cause",
                "NOREPLICAS Not enough good replicas to write. | min-replicas-to-write",
                "BUSY Redis is busy running a script. | SCRIPT KILL",
                "MASTERDOWN Link with MASTER is down | name the master",
                "CLUSTERDOWN Hash slot not served | CLUSTER INFO",
                "ERR max number of clients reached | maxclients",
            })
    void saysWhatToDoWhereWaitingDoesNotHelp(String reply, String remedy) {
        RedisException error = ErrorText.refusal(NEW, "RESTORE", new ErrorReply(reply));

        assertThat(error.isPermanent()).isFalse();
        assertThat(error.getMessage())
                .startsWith("new.example:6379 said: " + reply.replaceFirst("\\.$", "") + ". ")
                .contains(remedy)
                .endsWith(".");
    }

    @Test
    void aQuestionOfTheServerGetsNoFullStopBehindIt() {
        ErrorReply error = new ErrorReply("ERR AUTH <password> called. Is your configuration correct?");

        assertThat(ErrorText.refusal(NEW, "AUTH", error).getMessage())
                .endsWith("Is your configuration correct? Leave user and password out if the server has none.");
    }

    /** In the words of several resolvers; a name alone is what Java remembers of a failure. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "new.example: Name or service not known | true",
                "new.example: No address associated with hostname | true",
                "new.example: nodename nor servname provided, or not known | true",
                "new.example: Name does not resolve | true",
                "new.example | true",
                "new.example: Temporary failure in name resolution | false",
                "new.example: Try again | false",
            })
    void aResolverThatDoesNotAnswerDiffersFromAnUnknownName(String words, boolean unknown) {
        RedisException error = ErrorText.failure(NEW, new UnknownHostException(words));

        assertThat(error.isUnknownHost()).isEqualTo(unknown);
        assertThat(error.isPermanent()).isFalse();
        assertThat(error.getMessage()).startsWith("Unknown host new.example: ");
    }
}
