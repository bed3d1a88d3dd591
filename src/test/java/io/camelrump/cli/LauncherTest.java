package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the launcher with a Java that only tells how it was called. */
class LauncherTest {
    @TempDir
    Path folder;

    private Path launcher;
    private Path javaHome;

    @BeforeEach
    void installBesideAJavaThatPrintsItsArguments() throws IOException {
        launcher = folder.resolve("some where/rump/bin/rump");
        Files.createDirectories(launcher.getParent());
        Files.copy(Path.of("src/main/dist/bin/rump"), launcher);
        Path lib = Files.createDirectories(folder.resolve("some where/rump/lib"));
        Files.createFile(lib.resolve("a.jar"));
        Files.createFile(lib.resolve("rump.jar"));
        Files.createFile(lib.resolve("rump.jsa"));
        javaHome = folder.resolve("jdk");
        Files.createDirectories(javaHome.resolve("bin"));
        Path java = Files.writeString(javaHome.resolve("bin/java"), """
                        #!/bin/sh
                        for word; do
                          echo "[$word]"
                          case $word in -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) echo cache > "${word#*=}" ;; esac
                        done
                        locale charmap
                        echo "typed$RUMP_TYPED"
                        echo "from $RUMP_FROM"
                        echo "to $RUMP_TO"
                        """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        java("17.0.15");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-from S -to T", "--from S --to T", "-from=S -to=T", "--to=T -silent --from=S"})
    void passesAddressesByEnvironmentSoThatNoArgumentHoldsAPassword(String words) throws Exception {
        String from = "redis://u:se cr@et'\"$x%*@old/1";
        String to = "redis://:other secret@new";
        String[] arguments = Stream.of(words.split(" "))
                .map(word -> word.replaceFirst("S$", java.util.regex.Matcher.quoteReplacement(from))
                        .replaceFirst("T$", java.util.regex.Matcher.quoteReplacement(to)))
                .toArray(String[]::new);

        List<String> lines = run(0, arguments);

        assertThat(lines).contains("from " + from, "to " + to);
        assertThat(lines).containsAnyOf("typed from to", "typed to from");
        assertThat(lines).filteredOn(line -> line.startsWith("[")).noneMatch(line -> line.contains("redis://"));
    }

    @Test
    void passesOtherArgumentsOnAsTheyAre() throws Exception {
        List<String> lines =
                run(0, "--match", "user * 'x'", "-from", "redis://old", "", "--from-password-file", "a b", "-to");

        int main = lines.indexOf("[io.camelrump.cli.Rump]");
        assertThat(lines.subList(main + 1, lines.size() - 4))
                .containsExactly("[--match]", "[user * 'x']", "[]", "[--from-password-file]", "[a b]", "[-to]");
    }

    /** Refused by the command, which writes the summary for machines that may be asked for. */
    @Test
    void anAddressGivenTwiceIsNamed() throws Exception {
        List<String> lines = run(0, "-from", "redis://:secret@a", "--from=redis://:secret@b", "-to", "redis://c");

        assertThat(lines).contains("typed from from to");
        assertThat(lines).filteredOn(line -> line.startsWith("[")).noneMatch(line -> line.contains("redis://"));
    }

    @Test
    void findsItsJarsThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("rump"), Path.of("some where/rump/bin/rump"));
        launcher = link;

        Path lib = folder.toRealPath().resolve("some where/rump/lib");
        assertThat(run(0)).contains("[-cp]", "[" + lib.resolve("rump.jar") + ":" + lib.resolve("a.jar") + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--control-port 0", "-control-port=8730", "--ui=0", "-ui 0"})
    void theServerOfAControlPortIsInTheClassPathOfSuchCallsAlone(String flags) throws Exception {
        Path lib = folder.toRealPath().resolve("some where/rump/lib");
        Path server = Files.createDirectory(lib.resolve("control")).resolve("a server.jar");
        Files.createFile(server);
        String without = "[" + lib.resolve("rump.jar") + ":" + lib.resolve("a.jar") + "]";

        assertThat(run(0, "--live")).contains(without);
        assertThat(run(0, flags.split(" "))).contains(without.replace("]", ":" + server + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--metrics-port 0", "-metrics-port=9100"})
    void theServerOfMetricsIsInTheClassPathOfSuchCallsAlone(String flags) throws Exception {
        Path lib = folder.toRealPath().resolve("some where/rump/lib");
        Path server = Files.createDirectory(lib.resolve("control")).resolve("server.jar");
        Path metrics = Files.createDirectory(lib.resolve("metrics")).resolve("metrics.jar");
        Files.createFile(server);
        Files.createFile(metrics);
        String without = "[" + lib.resolve("rump.jar") + ":" + lib.resolve("a.jar");

        assertThat(run(0, "--control-port=0")).contains(without + ":" + server + "]");
        assertThat(run(0, flags.split(" "))).contains(without + ":" + server + ":" + metrics + "]");
    }

    @Test
    void jarsThatAPersonAddsComeLast() throws Exception {
        Path lib = folder.toRealPath().resolve("some where/rump/lib");
        Path added = Files.createDirectory(lib.resolve("ext")).resolve("its own.jar");
        Files.createFile(added);

        assertThat(run(0)).contains("[" + lib.resolve("rump.jar") + ":" + lib.resolve("a.jar") + ":" + added + "]");
    }

    @Test
    void findsItsJarsBesideAColon() throws Exception {
        Path colon = folder.resolve("10:30");
        Files.move(folder.resolve("some where"), colon);
        launcher = colon.resolve("rump/bin/rump");
        Files.writeString(
                javaHome.resolve("bin/java"),
                "#!/bin/sh\nwhile [ \"$1\" != -cp ]; do shift; done\nIFS=:\nfor jar in $2; do ls \"$jar\"; done\n");

        assertThat(run(0)).hasSize(2).allMatch(jar -> jar.endsWith(".jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "en_US.ISO-8859-1", "no_SUCH.UTF-8", ""})
    void takesTextForUtf8UnderEveryLocale(String locale) throws Exception {
        assertThat(runWith("LC_ALL", locale, 0)).contains("UTF-8");
    }

    @Test
    void leavesALocaleOfUtf8AsItIs() throws Exception {
        Files.writeString(javaHome.resolve("bin/java"), "#!/bin/sh\necho \"$LC_ALL\"\n");

        assertThat(runWith("LC_ALL", "C.utf8", 0)).containsExactly("C.utf8");
    }

    @Test
    void saysThatTheWorkingDirectoryIsGone() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        // its name may be there again
        String inGone = "cd '" + gone + "'; rmdir '" + gone + "'; mkdir '" + gone + "'; exec sh '" + launcher + "'";

        assertThat(run(1, new ProcessBuilder("sh", "-c", inGone)))
                .endsWith("rump: the working directory does not exist any more: change to one that does");
    }

    @Test
    void ownJvmOptionsComeAfterTheBuiltInOnes() throws Exception {
        List<String> lines = runWith("RUMP_JAVA_OPTS", "-Xmx1g -Dx=*", 0);

        assertThat(lines)
                .containsSubsequence(
                        "[-Xmx64m]", "[-XX:+ExitOnOutOfMemoryError]", "[-Xmx1g]", "[-Dx=*]", "[io.camelrump.cli.Rump]");
    }

    @Test
    void compilesThoroughlyWhereItHasToEncrypt() throws Exception {
        assertThat(run(0, "-from=redis://old", "-to=redis://new"))
                .contains("[-XX:TieredStopAtLevel=1]", "typed from to");
        assertThat(run(0, "-from=redis://old", "-to=rediss://new")).doesNotContain("[-XX:TieredStopAtLevel=1]");
        assertThat(runWith("RUMP_FROM", "rediss://old", 0))
                .doesNotContain("[-XX:TieredStopAtLevel=1]")
                .contains("typed");
    }

    @Test
    void leavesTheCompilersToWhoeverNamesThem() throws Exception {
        assertThat(run(0))
                .contains(
                        "[-XX:CICompilerCount=1]",
                        "[-XX:CompileCommand=CompileThresholdScaling,io.camelrump.*::*,0.2]");
        // one thread for two compilers is refused by Java
        assertThat(runWith("RUMP_JAVA_OPTS", "-XX:TieredStopAtLevel=4", 0))
                .contains("[-XX:TieredStopAtLevel=4]")
                .doesNotContain("[-XX:TieredStopAtLevel=1]", "[-XX:CICompilerCount=1]");
    }

    @Test
    void handsItsSecurityPropertiesToJavaUnlessSomebodyNamesOthers() throws Exception {
        Path lib = folder.toRealPath().resolve("some where/rump/lib");
        assertThat(run(0)).contains("[-Djava.security.properties=" + lib.resolve("names.security") + "]");
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "RUMP_JAVA_OPTS")) {
            assertThat(runWith(variable, "-Djava.security.properties=/mine", 0))
                    .noneMatch(line -> line.contains("names.security"));
        }
    }

    @Test
    void leavesTheHeapToWhoeverSaysHowLargeItIs() throws Exception {
        assertThat(run(0)).contains("[-Xms24m]", "[-Xmx64m]", "[-Xmn12m]");
        // more than a small heap has would be refused by Java
        assertThat(runWith("RUMP_JAVA_OPTS", "-Xmx20m", 0))
                .contains("[-Xmx20m]")
                .doesNotContain("[-Xms24m]", "[-Xmn12m]");
        assertThat(runWith("RUMP_JAVA_OPTS", "-XX:MaxRAMPercentage=75", 0))
                .contains("[-XX:MaxRAMPercentage=75]")
                .noneMatch(line -> line.startsWith("[-Xm"));
    }

    @Test
    void usesTheArchiveThatFitsTheJava() throws Exception {
        Path archive = launcher.resolveSibling("../lib/rump.jsa").normalize();
        assertThat(run(0)).contains("[-XX:SharedArchiveFile=" + archive.toRealPath() + "]");

        java("21.0.2");
        assertThat(run(0))
                .contains("[-XX:+AutoCreateSharedArchive]")
                .contains("[-XX:SharedArchiveFile=" + folder.resolve("cache/camel-rump/java-21.0.2.jsa") + "]");
    }

    @Test
    void theFirstCallOnJava25LetsACacheBeMadeThatLaterOnesUse() throws Exception {
        java("25.0.3");
        Path cache =
                launcher.toRealPath().resolveSibling("../lib/java-25.0.3.aot").normalize();

        assertThat(run(0)).noneMatch(line -> line.contains("AOT"));
        await().until(() -> Files.exists(cache) && Files.notExists(Path.of(cache + ".making")));
        assertThat(run(0)).contains("[-XX:AOTCache=" + cache + "]").noneMatch(line -> line.contains("Share"));

        // another build in the same place
        Files.setLastModifiedTime(cache.resolveSibling("rump.jar"), FileTime.from(Instant.EPOCH));
        assertThat(run(0)).noneMatch(line -> line.contains("AOT"));
    }

    @Test
    void theFirstCallOfAReleaseLetsAnArchiveBeMadeThatLaterOnesUse() throws Exception {
        Path lib = launcher.toRealPath().resolveSibling("../lib").normalize();
        Files.delete(lib.resolve("rump.jsa"));
        Path archive = lib.resolve("java-17.0.15.jsa");

        assertThat(run(0)).noneMatch(line -> line.contains("Archive"));
        await().until(() -> Files.exists(archive) && Files.notExists(Path.of(archive + ".making")));
        assertThat(run(0)).contains("[-XX:SharedArchiveFile=" + archive + "]");
        assertThat(runWith("RUMP_START_CACHE", "off", 0)).noneMatch(line -> line.contains("Archive"));
    }

    @Test
    void aCacheThatIsAskedForIsThereWhenTheCallEnds() throws Exception {
        java("25.0.3");
        Path cache =
                launcher.toRealPath().resolveSibling("../lib/java-25.0.3.aot").normalize();
        Path making = Files.createFile(Path.of(cache + ".making"));

        assertThat(runWith("RUMP_START_CACHE", "make", 1))
                .containsExactly("rump: " + cache + " cannot be made, or another call makes it");
        Files.delete(making);
        assertThat(runWith("RUMP_START_CACHE", "make", 0)).isEmpty();
        assertThat(cache).exists();
        assertThat(making).doesNotExist();

        // Java refuses to start with a cache and with these
        assertThat(runWith("RUMP_JAVA_OPTS", "-Xshare:off", 0)).noneMatch(line -> line.contains("AOT"));
        assertThat(runWith("RUMP_START_CACHE", "off", 0)).noneMatch(line -> line.contains("AOT"));
        java("21.0.2");
        assertThat(runWith("RUMP_START_CACHE", "off", 0)).noneMatch(line -> line.contains("Archive="));
        assertThat(runWith("RUMP_START_CACHE", "make", 2))
                .containsExactly(
                        "rump: Java 21.0.2 has no use for RUMP_START_CACHE=make: what it needs is there, or made"
                                + " by itself");
    }

    @Test
    void aCallThatCanCacheNothingRunsAllTheSame() throws Exception {
        java("25.0.3");
        Path lib = launcher.toRealPath().resolveSibling("../lib").normalize();
        Files.createFile(lib.resolve("java-25.0.3.aot.making"));

        assertThat(run(0)).contains("[io.camelrump.cli.Rump]").noneMatch(line -> line.contains("AOT"));
    }

    @Test
    void saysThatJavaIsTooOld() throws Exception {
        java("11.0.2");

        assertThat(run(1))
                .containsExactly("rump: it needs Java 17 or newer, and " + javaHome + "/bin/java is Java 11.0.2");
    }

    @Test
    void saysThatJavaHomeHasNoJava() throws Exception {
        Files.delete(javaHome.resolve("bin/java"));

        assertThat(run(1)).containsExactly("rump: JAVA_HOME is " + javaHome + ", and there is no bin/java in it");
    }

    private void java(String version) throws IOException {
        Files.writeString(javaHome.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private List<String> run(int exitCode, String... arguments) throws Exception {
        return runWith("UNUSED", "", exitCode, arguments);
    }

    private List<String> runWith(String variable, String value, int exitCode, String... arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(Stream.of("sh", launcher.toString()), Stream.of(arguments))
                        .toList());
        builder.environment().keySet().removeAll(Set.of("LANG", "LC_CTYPE"));
        builder.environment().put(variable, value);
        return run(exitCode, builder);
    }

    private List<String> run(int exitCode, ProcessBuilder builder) throws Exception {
        builder.redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        return output.lines().toList();
    }
}
