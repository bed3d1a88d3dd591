package io.camelrump.cli;

import io.camelrump.OutputFile;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a run failed, in one sentence, and the exit code for it. */
record Failure(ExitCode code, String message) {

    /** Looks for the cause that a person can do something about; Camel wraps it several times. */
    static Failure of(Throwable thrown) {
        List<Throwable> chain = innermostFirst(thrown);
        String server = message(chain, RedisException.class);
        if (server != null) {
            return new Failure(ExitCode.FAILED, server);
        }
        String option = message(chain, IllegalArgumentException.class);
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
        String said = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new Failure(ExitCode.FAILED, oneLine(cause.getClass().getSimpleName() + said));
    }

    private static @Nullable String message(List<Throwable> chain, Class<? extends Throwable> type) {
        return chain.stream()
                .filter(type::isInstance)
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
