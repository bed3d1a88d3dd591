package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mvnw -Prelease package} lays into target/release, installed and run as a person does. */
class ReleaseIT {
    private static final Path RELEASE = Path.of("target/release").toAbsolutePath();
    private static final long MOST_BYTES = 40_000_000;
    private static final int KEYS = 1_000;

    /** Makes a copy of this machine at $1, which is there for the script alone. */
    private static final String MOUNT = """
            set -e
            mount -t tmpfs none "$1"
            mkdir "$1/changed" "$1/work" "$1/root"
            mount -t overlay none -o "lowerdir=/,upperdir=$1/changed,workdir=$1/work" "$1/root"
            mount --bind /proc "$1/root/proc"
            mount --bind /dev "$1/root/dev"
            dpkg -l 'openjdk-*-jre-headless' | grep -q '^ii'
            """;

    private static final String INSTALL_AND_REMOVE = """
            cp "$2" "$1/root/tmp/rump.deb"
            unset JAVA_HOME
            chroot "$1/root" dpkg -i /tmp/rump.deb
            ls "$1/root/usr/lib/camel-rump/lib"
            cd /
            RUMP_JAVA_OPTS=-Xlog:class+load:file=/tmp/loaded chroot --userspec=65534:65534 "$1/root" rump --version
            grep 'io.camelrump.cli.Rump source' "$1/root/tmp/loaded"
            chroot "$1/root" man -w rump
            chroot "$1/root" bash -c '. /usr/share/bash-completion/completions/rump; complete -p rump'
            chroot "$1/root" dpkg -r camel-rump
            rm "$1/root/tmp/rump.deb"
            find "$1/changed" -name '*rump*' ! -path '*/hsperfdata_*' | sed 's/^/LEFT: /'
            """;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void unpack() throws Exception {
        succeed("tar", "-xzf", file("camel-rump-.*(?<!-demo)\\.tar\\.gz").toString(), "-C", folder.toString());
        try (Stream<Path> unpacked = Files.list(folder)) {
            home = unpacked.findFirst().orElseThrow();
        }
    }

    private static Path file(String name) throws IOException {
        try (Stream<Path> files = Files.list(RELEASE)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + RELEASE));
        }
    }

    /** Runs a program to its end, which is 0, and returns what it printed. */
    private static String succeed(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private RumpProcess rump(Path command, Map<String, String> environment, List<String> words) {
        return RumpProcess.launched(folder, environment, command.toString(), words);
    }

    /** Copies every key with the command of a release that lies there. */
    private void assertCopies(Path command, String... more) throws Exception {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        PAIR.atTarget().flushAll();
        Map<String, String> uncached = Map.of("RUMP_START_CACHE", "off");
        try (RumpProcess run = rump(command, uncached, RumpProcess.fromTo(PAIR.source(), PAIR.target(), more))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).startsWith("COMPLETE: 1,000 keys");
        }
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
    }

    @Test
    void theArchiveCopiesAndServesMetricsWhereverItIsUnpacked() throws Exception {
        assertCopies(home.resolve("bin/rump"), "--latency-guard=off");
        assertCopies(home.resolve("bin/rump"), "--metrics-port=0", "--control-port=0");
    }

    @Test
    void theArchiveHoldsWhatTheCommandNeedsAndNoMore() throws Exception {
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all)
                    .extracting(file -> home.relativize(file).toString())
                    .contains("bin/rump", "lib/rump.jar", "LICENSE", "share/man/man1/rump.1")
                    .noneMatch(name -> name.matches(".*(embedded-redis|\\.jsa|\\.aot).*"));
            long bytes = 0;
            for (Path file : all) {
                bytes += Files.size(file);
            }
            assertThat(bytes).isLessThan(MOST_BYTES);
        }
    }

    @Test
    void theDemoNamesTheArchiveOfItsServerAndRunsWithIt() throws Exception {
        // a path with what the launcher calls, and no Redis
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String program :
                List.of("sh", "locale", "readlink", "sed", "find", "mkdir", "rm", "mv", "touch", "nice")) {
            Path found = Path.of(succeed("sh", "-c", "command -v " + program).strip());
            Files.createSymbolicLink(programs.resolve(program), found);
        }
        Map<String, String> environment = Map.of("PATH", programs.toString(), "RUMP_START_CACHE", "off");
        List<String> demo = List.of("demo", "--keys=1000");

        try (RumpProcess run = rump(home.resolve("bin/rump"), environment, demo)) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("-demo.tar.gz", "redis-server");
        }
        succeed("tar", "-xzf", file("camel-rump-.*-demo\\.tar\\.gz").toString(), "-C", folder.toString());
        try (RumpProcess run = rump(home.resolve("bin/rump"), environment, demo)) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("EQUAL: 1,000 keys");
        }
    }

    @Test
    void theFirstStartCanBeMadeFasterWithoutARedis() throws Exception {
        try (RumpProcess run =
                rump(home.resolve("bin/rump"), Map.of("RUMP_START_CACHE", "make"), List.of("--version"))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            assertThat(files).anyMatch(file -> file.getFileName().toString().matches("java-.*\\.(jsa|aot)"));
        }
        assertCopies(home.resolve("bin/rump"), "--latency-guard=off");
    }

    @Test
    void theManualPageShows() throws Exception {
        Path page = home.resolve("share/man/man1/rump.1");
        assumeThat(new ProcessBuilder("sh", "-c", "command -v man").start().waitFor())
                .as("man is installed")
                .isZero();

        String shown = succeed("man", "--warnings", "-E", "UTF-8", "-l", page.toString());

        assertThat(shown.replaceAll(".\b", ""))
                .contains("NAME", "SYNOPSIS", "--metrics-port=N", "EXIT STATUS", "rump cutover")
                .doesNotContain("warning:");
    }

    @Test
    void bashCompletesFlags() throws Exception {
        String script = "source '" + home.resolve("share/bash-completion/completions/rump")
                + "'; COMP_WORDS=(rump --metr); COMP_CWORD=1; _complete_rump rump --metr rump 2>/dev/null;"
                + " echo \"${COMPREPLY[@]}\"";

        assertThat(succeed("bash", "-c", script).strip()).isEqualTo("--metrics-port");
    }

    @Test
    void thePackageOfDebianInstallsTheSame() throws Exception {
        assumeThat(new ProcessBuilder("sh", "-c", "command -v dpkg-deb").start().waitFor())
                .as("dpkg-deb is installed")
                .isZero();
        Path deb = file("camel-rump.*\\.deb");
        Path root = folder.resolve("root");

        assertThat(succeed("dpkg-deb", "-I", deb.toString()))
                .contains(
                        "Package: camel-rump",
                        "Architecture: all",
                        "java17-runtime-headless",
                        "Suggests: redis-server");
        assertThat(succeed("dpkg-deb", "-c", deb.toString()).lines())
                .anyMatch(line -> line.matches("lrwxrwxrwx root/root .* ./usr/bin/rump -> .*lib/camel-rump/bin/rump"))
                .anyMatch(line -> line.matches("-rwxr-xr-x root/root .* ./usr/lib/camel-rump/bin/rump"))
                .anyMatch(line -> line.endsWith("./usr/share/man/man1/rump.1.gz"))
                .anyMatch(line -> line.endsWith("./usr/share/bash-completion/completions/rump"));
        succeed("dpkg-deb", "-x", deb.toString(), root.toString());
        assertCopies(root.resolve("usr/bin/rump"), "--latency-guard=off");
    }

    @Test
    void thePackageOfDebianIsInstalledForAllUsersAndLeavesNothingBehind() throws Exception {
        String machine = Files.createDirectory(folder.resolve("machine")).toString();
        assumeThat(new ProcessBuilder("unshare", "-m", "sh", "-c", MOUNT, "sh", machine)
                        .redirectErrorStream(true)
                        .start()
                        .waitFor())
                .as("packages may be installed in a copy of this machine")
                .isZero();

        String printed = succeed(
                "unshare",
                "-m",
                "sh",
                "-c",
                MOUNT + INSTALL_AND_REMOVE,
                "sh",
                machine,
                file("camel-rump.*\\.deb").toString());

        assertThat(printed)
                .containsPattern("(?m)^java-.*\\.(jsa|aot)$")
                .containsPattern("(?m)^rump \\d")
                .contains("io.camelrump.cli.Rump source: shared objects file (top)")
                .contains("/usr/share/man/man1/rump.1.gz", "-F _complete_rump")
                .doesNotContain("LEFT: ");
    }

    @Test
    void theBillOfMaterialsNamesWhatIsShippedAndEachFileHasItsChecksum() throws Exception {
        List<String> shipped = new ObjectMapper()
                .readTree(file(".*-cyclonedx\\.json").toFile())
                .path("components")
                .findValuesAsText("name");

        assertThat(shipped)
                .contains("jedis", "camel-support", "vertx-core", "micrometer-registry-prometheus", "picocli")
                .doesNotContain("greenmail", "assertj-core");
        assertThat(succeed("sh", "-c", "cd '" + RELEASE + "' && sha256sum -c SHA256SUMS")
                        .lines())
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(line -> line.endsWith(": OK"));
    }
}
