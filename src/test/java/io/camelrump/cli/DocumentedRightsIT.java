package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** The least rights by the table of the page about operations are enough, and none of them can go unnoticed. */
class DocumentedRightsIT {
    private static final Path PAGE = Path.of("src/main/docs/operations.adoc");
    private static final Pattern RULE = Pattern.compile("(?<=[` ])\\+[@a-z|-]+");
    private static final int KEYS = 12;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    /**
     * A way to use the command.
     *
     * @param flags its words
     * @param rows what it takes beside a plain copy, by the beginnings of the table's first column
     * @param exitCode of a run that misses nothing
     */
    private record Mode(String flags, List<String> rows, boolean filled, int exitCode) {
        Mode(String flags, String... rows) {
            this(flags, List.of(rows), false, 0);
        }

        Mode ofFilledTarget() {
            return new Mode(flags, rows, true, exitCode);
        }

        @Override
        public String toString() {
            return flags.isEmpty() ? "plain" : flags;
        }
    }

    private static final Mode PLAIN = new Mode("");
    private static final Mode LIVE = new Mode(
            "--live --until-lag=1s --cutover-timeout=5s --pause-writes=3s --fail-waiting-writes",
            "Several types",
            "`--live`",
            "`--pause-writes`",
            "`--fail-waiting-writes`",
            "`rump compare`",
            "Keys in parts",
            "Big keys");
    private static final Mode VERIFY = new Mode("--verify", "`rump compare`", "Keys in parts", "Big keys");

    // of several rounds, the later ones send what the first one does, a second after it
    static Stream<Mode> modes() {
        return Stream.of(
                PLAIN,
                LIVE,
                VERIFY,
                new Mode("compare --rounds=1", List.of("`rump compare`", "Keys in parts", "Big keys"), false, 5),
                new Mode("--type=string,hash", "Several types"),
                new Mode("--functions", "`--functions`"),
                new Mode("--carry-idle", "`--carry-idle`"),
                new Mode("--db=0,1", "Another database"),
                new Mode("--on-conflict=keep", "`--on-conflict").ofFilledTarget(),
                new Mode("", "A target that holds keys").ofFilledTarget(),
                new Mode(
                                "--verify --prune --allow-mass-delete --rounds=1",
                                "`rump compare`",
                                "Keys in parts",
                                "Big keys")
                        .ofFilledTarget(),
                new Mode("--big-key=64kb", "Big keys", "Keys in parts", "Several types"),
                new Mode("--checkpoint=target:progress", "`--checkpoint"));
    }

    static Stream<Mode> someModes() {
        return Stream.of(PLAIN, LIVE);
    }

    static Stream<Arguments> otherVersions() {
        return Stream.of("redis-6.2", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9.0")
                .filter(version -> RedisServers.find(version).isPresent())
                .flatMap(version -> Stream.of(PLAIN, LIVE, VERIFY).map(mode -> arguments(version, mode)));
    }

    @ParameterizedTest
    @MethodSource("someModes")
    void usersWithTheDocumentedRulesLeaveNoDenial(Mode mode) throws IOException {
        fill(mode);
        allow(true, rules(mode, true), "");
        allow(false, rules(mode, false), "");

        CommandRun run = run(mode);

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(mode.exitCode());
        assertThat(run.out() + run.err()).doesNotContain("does not let this user WATCH");
        assertThat(denials(PAIR.atSource())).isEmpty();
        assertThat(denials(PAIR.atTarget())).isEmpty();
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("modes")
    void usersWithTheDocumentedRulesLeaveNoDenialInAnyMode(Mode mode) throws IOException {
        usersWithTheDocumentedRulesLeaveNoDenial(mode);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("otherVersions")
    void usersWithTheDocumentedRulesLeaveNoDenialAtOtherVersions(String version, Mode mode) throws IOException {
        PAIR.use(RedisServers.version(version), RedisServers.version(version));
        usersWithTheDocumentedRulesLeaveNoDenial(mode);
    }

    @ParameterizedTest
    @CsvSource({"true, +dump", "true, +time", "false, +restore", "false, +info"})
    void aPlainCopyWithoutOneRightIsRefusedBeforeItsFirstKeyOrCompletes(boolean reader, String taken)
            throws IOException {
        loses(PLAIN, reader, taken);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("modes")
    void anyRunWithoutOneRightIsRefusedBeforeItsFirstKeyOrCompletes(Mode mode) throws IOException {
        SoftAssertions all = new SoftAssertions();
        for (boolean reader : new boolean[] {true, false}) {
            for (String rule : single(mode, reader)) {
                PAIR.beforeEach(null);
                all.assertThatCode(() -> loses(mode, reader, rule)).doesNotThrowAnyException();
            }
        }
        all.assertAll();
    }

    private static void loses(Mode mode, boolean reader, String taken) throws IOException {
        fill(mode);
        allow(true, rules(mode, true), "");
        allow(false, rules(mode, false), "");
        allow(reader, rules(mode, reader), taken.replace('+', '-'));
        long before = PAIR.atTarget().dbSize();

        CommandRun run = run(mode);

        String as = mode + (reader ? " reader without " : " writer without ") + taken + "\n" + run.out() + run.err();
        if (run.exitCode() == mode.exitCode()) {
            assertThat(PAIR.atTarget().dbSize()).as(as).isGreaterThanOrEqualTo(before);
        } else if (run.exitCode() == 6) {
            // by name, as the page says of keys in parts
            assertThat(run.out()).as(as).contains("refused \"list\"");
        } else {
            assertThat(run.exitCode()).as(as).isEqualTo(1);
            assertThat(run.err()).as(as).contains(taken).doesNotContain("are paused");
            assertThat(PAIR.atTarget().dbSize()).as(as).isEqualTo(before);
        }
    }

    private static CommandRun run(Mode mode) {
        List<String> words = new ArrayList<>(Arrays.asList(mode.flags().split(" ")));
        words.remove("");
        words.add(
                "-from=redis://reader@" + RedisServer.HOST + ":" + PAIR.source().port());
        words.add("-to=redis://writer@" + RedisServer.HOST + ":" + PAIR.target().port());
        words.add("--latency-guard=off");
        CommandRun run = CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", "secret", "RUMP_TO_PASSWORD", "secret"), words.toArray(String[]::new));
        // a pause that was kept would hold up what is filled in next
        PAIR.atSource().clientUnpause();
        return run;
    }

    private static void fill(Mode mode) {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        PAIR.atSource().rpush("list", Collections.nCopies(700, "x".repeat(100)).toArray(String[]::new));
        if (mode.filled()) {
            PAIR.atTarget().set("of its own", "value");
        }
    }

    private static void allow(boolean reader, Set<String> rules, String taken) {
        Jedis server = reader ? PAIR.atSource() : PAIR.atTarget();
        List<String> all = new ArrayList<>(List.of("reset", "on", ">secret", "~*"));
        all.addAll(rules);
        if (!taken.isEmpty()) {
            all.add(taken);
        }
        server.aclSetUser(reader ? "reader" : "writer", all.toArray(String[]::new));
        server.aclLogReset();
    }

    /** Rules of the page: of the line to type, and of the rows of the table. */
    private static Set<String> rules(Mode mode, boolean reader) throws IOException {
        Set<String> rules = new LinkedHashSet<>();
        Jedis server = reader ? PAIR.atSource() : PAIR.atTarget();
        Set<String> rows = new HashSet<>(mode.rows());
        if (server.info("server").matches("(?s).*redis_version:(?:7\\.[2-9]|[89]).*")) {
            rows.add("Redis 7.2");
        }
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("ACL SETUSER " + (reader ? "reader" : "writer"))) {
                add(rules, line);
            }
            String[] cells = line.replace("\\|", "\0").replace("{plus}", "+").split("\\|");
            if (cells.length > 2
                    && rows.stream().anyMatch(row -> cells[1].strip().startsWith(row))) {
                add(rules, reader ? cells[2] : cells.length > 3 ? cells[3] : "");
            }
        }
        rules.removeIf(rule -> !isKnown(server, rule));
        return rules;
    }

    private static void add(Set<String> rules, String text) {
        RULE.matcher(text.replace('\0', '|')).results().map(MatchResult::group).forEach(rules::add);
    }

    /** The page names the versions that have it. */
    private static boolean isKnown(Jedis server, String rule) {
        try {
            server.aclSetUser("unused", rule);
            return true;
        } catch (redis.clients.jedis.exceptions.JedisDataException e) {
            return false;
        }
    }

    /** The rules, and in place of the categories the commands of them that this run sends. */
    private static List<String> single(Mode mode, boolean reader) throws IOException {
        PAIR.beforeEach(null);
        fill(mode);
        allow(true, rules(mode, true), "");
        allow(false, rules(mode, false), "");
        Jedis server = reader ? PAIR.atSource() : PAIR.atTarget();
        server.configResetStat();
        run(mode);
        Set<String> rules = new LinkedHashSet<>(rules(mode, reader));
        Set<String> sent = new LinkedHashSet<>();
        server.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> sent.add("+"
                        + line.substring("cmdstat_".length(), line.indexOf(':')).replaceAll("\\|.*", "")));
        for (String category : List.of("read", "write")) {
            if (rules.remove("+@" + category)) {
                server.aclCat(category).stream()
                        .map(command -> "+" + command)
                        .filter(sent::contains)
                        .forEach(rules::add);
            }
        }
        return List.copyOf(rules);
    }

    private static List<String> denials(Jedis server) {
        return server.aclLog().stream()
                .map(entry -> entry.getUsername() + " " + entry.getObject())
                .toList();
    }
}
