package io.camelrump.cli.process;

import io.camelrump.UsageException;
import io.camelrump.files.OutputFile;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Why a run failed, in one sentence, and the exit code for it. */
public record Failure(ExitCode code, String message) {

    /** Looks for the cause that a person can do something about; Camel wraps it several times. */
    public static Failure of(Throwable thrown) {
        List<Throwable> chain = innermostFirst(thrown);
        Failure failure = of(chain);
        String advice =
                MissingArtifact.advice(oneLine(String.valueOf(chain.get(0).getMessage())));
        return advice == null ? failure : new Failure(failure.code(), failure.message() + " " + advice);
    }

    private static Failure of(List<Throwable> chain) {
        String server = message(chain, RedisException.class::isInstance);
        if (server != null) {
            return new Failure(ExitCode.FAILED, server);
        }
        String option = message(chain, Failure::isUsage);
        if (option != null) {
            return new Failure(ExitCode.USAGE, option);
        }
        Throwable cause = chain.get(0);
        if (cause instanceof FileSystemException file) {
            return new Failure(ExitCode.FAILED, oneLine(file.getFile() + ": " + OutputFile.reason(file)));
        }
        boolean speaksForItself =
                cause instanceof IOException || cause.getClass().getName().startsWith("io.camelrump.");
        if (speaksForItself && cause.getMessage() != null) {
            return new Failure(ExitCode.FAILED, oneLine(cause.getMessage()));
        }
        return new Failure(ExitCode.FAILED, oneLine(ErrorText.unexpected(cause)));
    }

    /**
     * Errors of Java of this kind are none of usage, but those of Camel are, such as that for a property without value.
     */
    private static boolean isUsage(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause instanceof UsageException
                || cause instanceof IllegalArgumentException
                        && trace.length > 0
                        && trace[0].getClassName().startsWith("org.apache.camel.");
    }

    private static @Nullable String message(List<Throwable> chain, Predicate<Throwable> wanted) {
        return chain.stream()
                .filter(wanted)
                .map(cause -> oneLine(String.valueOf(cause.getMessage())))
                .findFirst()
                .orElse(null);
    }

    private static List<Throwable> innermostFirst(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        Collections.reverse(chain);
        return chain;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
