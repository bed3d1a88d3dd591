package io.camelrump.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camelrump.UsageException;
import io.camelrump.redis.RedisException;
import java.util.List;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void wrongUsageIsWhatSaysSo() {
        Failure failure = Failure.of(new RuntimeCamelException(new UsageException("bigKey=x: it must be a size")));

        assertThat(failure).isEqualTo(new Failure(ExitCode.USAGE, "bigKey=x: it must be a size"));
    }

    @Test
    void propertyThatARouteNeedsIsWrongUsage() {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Throwable missing = catchThrowable(() -> context.resolvePropertyPlaceholders("{{no.such}}"));

            assertThat(Failure.of(missing).code()).isEqualTo(ExitCode.USAGE);
            assertThat(Failure.of(missing).message()).contains("no.such");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void errorsOfJavaAreNoUsageAndTheirWordsAreNotShown() {
        for (Throwable error : List.of(
                catchThrowable(() -> Integer.parseInt("abc")),
                catchThrowable(() -> List.of().get(5)),
                catchThrowable(() -> Enum.valueOf(ExitCode.class, "\u001b[31m")))) {
            Failure failure = Failure.of(new RuntimeCamelException(error));

            assertThat(failure.code()).isEqualTo(ExitCode.FAILED);
            assertThat(failure.message())
                    .startsWith(error.getClass().getSimpleName() + " at FailureTest.java:")
                    .doesNotContain(String.valueOf(error.getMessage()));
        }
    }

    @Test
    void wordsOfAServerArePutBeforeAllOthers() {
        RuntimeException server = RedisException.permanentError("h:1 said: no.");

        assertThat(Failure.of(new UsageException("option", server)).message()).isEqualTo("h:1 said: no.");
    }
}
