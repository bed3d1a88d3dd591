package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs {@code mvnw} where nothing but a few tools is installed. */
class MavenWrapperTest {
    private static final List<String> TOOLS = List.of(
            "sh",
            "uname",
            "dirname",
            "basename",
            "tr",
            "sed",
            "mktemp",
            "mkdir",
            "rm",
            "mv",
            "ls",
            "cat",
            "tar",
            "gzip");

    @TempDir
    Path folder;

    private Path tools;

    @BeforeEach
    void installTools() throws IOException {
        tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path path = Path.of("/bin", tool);
            program(tools.resolve(tool), "exec " + (Files.exists(path) ? path : Path.of("/usr/bin", tool)) + " \"$@\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"3.8.7, true", "3.9.12, true", "3.10.0, true", "4.0.0, true", "3.6.3, false", "3.1.0, false"})
    void anInstalledMavenIsUsedIfItIsNewEnough(String version, boolean enough) throws Exception {
        program(
                tools.resolve("mvn"),
                "[ \"$1\" = -v ] && echo 'Apache Maven " + version + " (x)' || echo \"installed $*\"");

        String output = run("http://127.0.0.1:1", "verify", "a b");

        if (enough) {
            assertThat(output).isEqualTo("installed verify a b\n");
        } else {
            assertThat(output).contains("Downloader").doesNotContain("installed");
        }
    }

    @Test
    void withoutOneItComesFromTheRepositoryThatIsNamed() throws Exception {
        String name = "apache-maven-3.9.12";
        program(Files.createDirectories(folder.resolve(name + "/bin")).resolve("mvn"), "echo \"fetched $*\"");
        Path archive = folder.resolve("maven.tar.gz");
        Process tar = new ProcessBuilder("tar", "czf", archive.toString(), name)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer repository = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        repository.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, Files.size(archive));
            Files.copy(archive, exchange.getResponseBody());
            exchange.close();
        });
        repository.start();
        try {
            String url = "http://127.0.0.1:" + repository.getAddress().getPort() + "/repository";

            assertThat(run(url, "verify")).endsWith("fetched verify\n");

            assertThat(asked)
                    .containsExactly("/repository/org/apache/maven/apache-maven/3.9.12/" + name + "-bin.tar.gz");
        } finally {
            repository.stop(0);
        }
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String run(String repository, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        tools.resolve("sh").toString(),
                        Path.of("mvnw").toAbsolutePath().toString())
                .redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MVNW_REPOURL", repository);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}
