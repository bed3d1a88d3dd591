package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A server as a process of this machine, with a temporary folder of its own. */
final class ProcessServer extends RedisServer {

    private static final String LOG = "server.log";
    private static final Set<ProcessServer> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(ProcessServer::close), "end-servers"));
    }

    private final Map<String, String> environment;
    private final Path folder;
    private Process process;
    private boolean killed;

    ProcessServer(RedisServers.Version version, Map<String, String> environment, String... arguments) {
        super(version, arguments);
        this.environment = environment;
        try {
            folder = Files.createTempDirectory("rump-server");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RUNNING.add(this);
        process = launch();
        try {
            awaitAnswer();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Process launch() {
        List<String> line = new ArrayList<>(List.of(version().program()));
        line.addAll(commandLine());
        line.addAll(List.of("--dir", folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(LOG).toFile()));
        builder.environment().putAll(environment);
        killed = false;
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void kill9() {
        if (!killed && !isRunning()) {
            System.err.println(version() + " on port " + port() + " ended by itself:\n" + log());
        }
        killed = true;
        process.destroyForcibly();
        waitFor(process);
    }

    @Override
    public void pause() {
        signal("-STOP");
    }

    @Override
    public void resume() {
        signal("-CONT");
    }

    @Override
    public void close() {
        if (RUNNING.remove(this)) {
            kill9();
            deleteFiles();
        }
    }

    @Override
    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    void startAgain(boolean keepData) {
        if (!keepData) {
            deleteFiles();
            folder.toFile().mkdir();
        }
        process = launch();
    }

    @Override
    String log() {
        try {
            return Files.readString(folder.resolve(LOG), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void signal(String name) {
        try {
            int code = waitFor(new ProcessBuilder("kill", name, String.valueOf(process.pid())).start());
            if (code != 0) {
                throw new IllegalStateException("kill " + name + " failed for " + version());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteFiles() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a process ends", e);
        }
    }
}
