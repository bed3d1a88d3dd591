package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.StopSignals;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RumpCommandTest {
    private static final String[] EVERY_FLAG = {
        "-from=redis://reader:one@old:1/2",
        "--to",
        "redis://:two@new/3",
        "-ttl=false",
        "-on-conflict",
        "keep",
        "--match",
        "-from*",
        "--type=hash",
        "--include-key=a*",
        "--include-key",
        "b\n*",
        "-exclude-key",
        "c",
        "--include-regex=d+",
        "--exclude-regex=e",
        "--exclude-regex=f",
        "--keys-from=keys.txt",
        "--sample=10",
        "--min-size=1kb",
        "--max-size=2mb",
        "--min-ttl=1m",
        "--max-ttl=2h",
        "--rename=a*=b*",
        "--rename=c*=d*",
        "--functions",
        "-scan-count",
        "7",
        "--batch-keys=8",
        "--batch-bytes",
        "1kb",
        "--queue-pages=9",
        "--queue-bytes=2MB",
        "--window-bytes=1mb",
        "--retry-for=2m",
        "--drain-for=1500ms",
        "--wait-replicas",
        "1",
        "--verify",
        "--repair",
        "-prune=false",
        "--ttl-tolerance=1s",
        "--rounds",
        "5",
        "--dry-run",
        "-silent"
    };

    private static final List<String> HELP = List.of(
            "--from",
            "--to",
            "--silent",
            "--ttl",
            "--on-conflict",
            "--match",
            "--type",
            "--db",
            "--map-db",
            "--rename",
            "--functions",
            "--include-key",
            "--exclude-key",
            "--include-regex",
            "--exclude-regex",
            "--keys-from",
            "--sample",
            "--min-size",
            "--max-size",
            "--min-ttl",
            "--max-ttl",
            "--scan-count",
            "--batch-keys",
            "--batch-bytes",
            "--queue-pages",
            "--queue-bytes",
            "--retry-for",
            "--drain-for",
            "--window-bytes",
            "--wait-replicas",
            "--json",
            "--failed-keys",
            "--from-password-file",
            "--to-password-file",
            "Examples:",
            "Exit codes:",
            "RUMP_FROM_PASSWORD",
            "rump demo");

    private static final String[] SERVERS = {"-from", "redis://old", "-to", "redis://new"};

    @Test
    void setsNothingButWhatWasGiven() {
        assertThat(plan(Map.of(), SERVERS).properties())
                .isEqualTo(Map.of(
                        "rump.source.host",
                        "old",
                        "rump.source.port",
                        "6379",
                        "rump.target.host",
                        "new",
                        "rump.target.port",
                        "6379"));
    }

    @Test
    void handsServersToTheRoutes() {
        RunPlan plan = plan(Map.of(), EVERY_FLAG);

        assertThat(plan.properties())
                .containsEntry("rump.source.username", "reader")
                .containsEntry("rump.source.password", "one")
                .containsEntry("rump.source.port", "1")
                .containsEntry("rump.source.database", "2")
                .containsEntry("rump.target.password", "two")
                .containsEntry("rump.target.database", "3")
                .doesNotContainKey("rump.target.username");
        assertThat(plan.toString()).doesNotContain("one", "two").contains("old", "new");
    }

    @Test
    void handsTheSelectionOfKeysToTheRoutes() {
        assertThat(plan(Map.of(), EVERY_FLAG).properties())
                .containsEntry("camel.component.rump.match", "-from*")
                .containsEntry("camel.component.rump.type", "hash")
                .containsEntry("camel.component.rump.include-key", "a*\nb\\\n*")
                .containsEntry("camel.component.rump.exclude-key", "c")
                .containsEntry("camel.component.rump.include-regex", "d+")
                .containsEntry("camel.component.rump.exclude-regex", "e\nf")
                .containsEntry("camel.component.rump.keys-from", "keys.txt")
                .containsEntry("camel.component.rump.sample", "10")
                .containsEntry("camel.component.rump.min-size", "1kb")
                .containsEntry("camel.component.rump.max-size", "2mb")
                .containsEntry("camel.component.rump.min-ttl", "60000ms")
                .containsEntry("camel.component.rump.max-ttl", "7200000ms")
                .containsEntry("camel.component.rump.rename", "a*=b*\nc*=d*")
                .containsEntry("rump.source.functions", "true");
    }

    @Test
    void handsEveryOtherFlagToTheRoutes() {
        RunPlan plan = plan(Map.of(), EVERY_FLAG);

        assertThat(plan.properties())
                .containsEntry("camel.component.rump.ttl", "false")
                .containsEntry("camel.component.rump.on-conflict", "KEEP")
                .containsEntry("rump.source.scan-count", "7")
                .containsEntry("batch.keys", "8")
                .containsEntry("batch.bytes", "1kb")
                .containsEntry("rump.source.queue-pages", "9")
                .containsEntry("rump.source.queue-bytes", "2MB")
                .containsEntry("rump.source.window-bytes", "1mb")
                .containsEntry("camel.component.rump.retry-for", "120000ms")
                .containsEntry("camel.component.rump.wait-replicas", "1")
                .containsEntry("camel.component.rump.repair", "true")
                .containsEntry("camel.component.rump.prune", "false")
                .containsEntry("camel.component.rump.ttl-tolerance", "1000ms")
                .containsEntry("camel.component.rump.rounds", "5")
                .containsEntry("camel.component.rump.dry-run", "true");
        assertThat(plan.drainFor().seconds()).isEqualTo(2);
        assertThat(plan.silent()).isTrue();
    }

    @Test
    void databasesGoToThoseOfTheirNumber() {
        assertThat(plan(
                                Map.of(),
                                "-from",
                                "redis://old",
                                "-to",
                                "redis://new",
                                "--db=all",
                                "--map-db=3=0",
                                "--map-db=4=1")
                        .properties())
                .containsEntry("camel.component.rump.db", "all")
                .containsEntry("camel.component.rump.map-db", "3=0\n4=1");
        assertThat(plan(Map.of(), "-from", "redis://old/3", "-to", "redis://new", "--map-db", "3=0")
                        .properties())
                .containsEntry("rump.source.database", "3")
                .containsEntry("camel.component.rump.map-db", "3=0");
    }

    @Test
    void aDryRunStaysDryInRoutesThatDoNotPassItOn() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            RouteRunner.keepDry(context);

            Endpoint target = context.getEndpoint("rump:target?host=new");
            assertThat(((PropertyConfigurerGetter) target.getComponent().getEndpointPropertyConfigurer())
                            .getOptionValue(target, "dryRun", false))
                    .isEqualTo(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-silent", "--silent", "-silent=true", "--silent=true"})
    void booleansNeedNoValue(String flag) {
        assertThat(plan(Map.of(), flag, "-from", "redis://old", "-to", "redis://new")
                        .silent())
                .isTrue();
        assertThat(plan(Map.of(), "-silent=false", "-from", "redis://old", "-to", "redis://new")
                        .silent())
                .isFalse();
    }

    @Test
    void takesAddressesAndPasswordsFromTheEnvironment() {
        Map<String, String> environment = Map.of(
                "RUMP_FROM",
                "redis://old",
                "RUMP_TO",
                "redis://writer@new",
                "RUMP_FROM_PASSWORD",
                "a%41",
                "RUMP_TO_PASSWORD",
                "b");

        assertThat(plan(environment).properties())
                .containsEntry("rump.source.password", "a%41")
                .containsEntry("rump.target.username", "writer")
                .containsEntry("rump.target.password", "b");
    }

    @Test
    void passwordFileWinsOverAddressAndAddressOverEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "of the file\n");
        Map<String, String> environment = Map.of("RUMP_FROM_PASSWORD", "env", "RUMP_TO_PASSWORD", "env");

        assertThat(plan(
                                environment,
                                "-from",
                                "redis://:address@old",
                                "-to",
                                "redis://:address@new",
                                "--from-password-file",
                                file.toString())
                        .properties())
                .containsEntry("rump.source.password", "of the file")
                .containsEntry("rump.target.password", "address");
    }

    @Test
    void aPasswordFileThatEveryUserCanReadIsWarnedOf(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "hunter2");
        String[] call = {"-from=redis://old", "-to=redis://new", "--to-password-file=" + file};

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(logged(Map.of(), call))
                .contains("Every user of this machine can read the password in " + file + " (rw-r--r--): chmod")
                .doesNotContain("hunter2");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(logged(Map.of(), call)).isEmpty();
    }

    @Test
    void aPasswordThatWasTypedGivesAHintThatDoesNotShowIt() {
        String typed = "The password in --to stands in the command line";

        assertThat(logged(Map.of(), "-from=redis://old", "-to=redis://:secret@new"))
                .contains(typed, "RUMP_TO_PASSWORD or --to-password-file")
                .doesNotContain("secret", "--from");
        assertThat(logged(Map.of("RUMP_TYPED", " to", "RUMP_TO", "redis://:secret@new"), "-from=redis://old"))
                .contains(typed);
        assertThat(logged(Map.of("RUMP_TO", "redis://:secret@new"), "-from=redis://old"))
                .isEmpty();
        assertThat(logged(Map.of("RUMP_TO_PASSWORD", "secret"), "-from=redis://old", "-to=redis://new"))
                .isEmpty();
    }

    private static String logged(Map<String, String> environment, String... arguments) {
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            plan(environment, arguments);
        } finally {
            System.setErr(usual);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    static Stream<Arguments> wrongUsages() {
        return Stream.of(
                wrong("--from is required"),
                wrong("--to is required", "-from", "redis://old"),
                wrong("--from is not an address", "-from", "old:6379", "-to", "redis://new"),
                wrong("--from has no colon before its @", "-from", "redis://secret@old", "-to", "redis://new"),
                wrong("--to-sni: it is about TLS: write rediss://", "--to-sni", "new"),
                wrong(
                        "--to-ca=/no/such/file: it cannot be read",
                        "-from",
                        "redis://old",
                        "-to",
                        "rediss://new",
                        "--to-ca=/no/such/file"),
                wrong("password file /no/such/file cannot be read", "--from-password-file", "/no/such/file"),
                wrong("Unknown option: '--form=redis://***@old'", "--form=redis://u:secret@old"),
                wrong("'redis://***@third'", "redis://u:secret@third"),
                wrong("Unmatched argument", "positional"),
                wrong("--silent is given twice", "-silent", "--silent"),
                wrong("--scan-count is given twice", "-scan-count=1", "--scan-count", "2"),
                wrong("--to is given twice", "-to", "redis://:secret@old"),
                wrong("Invalid value for option '--scan-count'", "-scan-count", "none"),
                wrong("is not a whole number from 1", "-scan-count=0"),
                wrong("'5' is not a time such as", "--retry-for", "5"),
                wrong("'5 parsecs' is not a size such as", "--queue-bytes", "5 parsecs"),
                wrong("Invalid value for option '--on-conflict'", "--on-conflict", "explode"),
                wrong("--queue-bytes is smaller than --batch-bytes", "--queue-bytes=64kb"),
                wrong("--wait-replicas is smaller than 0", "--wait-replicas=-1"),
                wrong("--checkpoint target: has no name behind it", "--checkpoint=target:"),
                wrong("--sample", "--sample=0"),
                wrong("--include-key is empty", "--include-key=", "--include-key=a"),
                wrong("--exclude-key is empty", "--exclude-key=a", "--exclude-key", ""),
                wrong("--match is empty", "--match="),
                wrong("--rename is empty", "--rename", ""),
                wrong("--map-db is empty", "--map-db="),
                wrong("--keys-from is empty", "--keys-from="),
                wrong("'1' is not a time such as", "--min-ttl=1"),
                wrong("name a database both", "--db=all", "-from", "redis://old/1", "-to", "redis://new"),
                wrong("--to names a database", "--map-db=0=1", "-from", "redis://old", "-to", "redis://new/1"));
    }

    private static Arguments wrong(String message, String... arguments) {
        return Arguments.of(message, arguments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongUsages")
    void wrongUsageIsOneLineAndExitCode2(String message, String[] arguments) {
        boolean complete =
                Stream.of(arguments).noneMatch(a -> a.startsWith("-from")) && !message.endsWith("is required");
        CommandRun run = CommandRun.of(
                complete
                        ? Stream.concat(Stream.of(arguments), Stream.of(SERVERS))
                                .toArray(String[]::new)
                        : arguments);

        assertThat(run.err()).startsWith("rump: ").contains(message).doesNotContain("secret");
        assertThat(run.err().lines()).hasSize(2).last().isEqualTo("Try rump --help.");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "-help"})
    void helpNamesEveryFlagAndExitCode(String flag) {
        CommandRun run = CommandRun.of(flag);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(HELP);
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void versionNamesWhatItIsMadeOf() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .matches("(?s)rump \\d+\\.\\d+\\.\\d+.*Apache Camel 4\\.\\d+\\.\\d+, Jedis 7\\.\\d+\\.\\d+.*Java"
                        + " \\d+.*");
    }

    private static RunPlan plan(Map<String, String> environment, String... arguments) {
        RumpCommand command = new RumpCommand(environment, StopSignals.none());
        CommandLine line = new CommandLine(command.spec).setCaseInsensitiveEnumValuesAllowed(true);
        line.parseArgs(io.camelrump.cli.process.Arguments.withTwoDashes(
                arguments, line.getCommandSpec().optionsMap().keySet()));
        return command.plan();
    }
}
