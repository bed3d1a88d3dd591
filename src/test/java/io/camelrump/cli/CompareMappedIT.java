package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** A comparison takes the flags of the migration before it: databases, names and filters are the same ones. */
class CompareMappedIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Jedis atSource;
    private Jedis atTarget;

    @BeforeEach
    void connect() {
        atSource = PAIR.atSource();
        atTarget = PAIR.atTarget();
    }

    // --- databases ---

    static Stream<List<String>> databaseFlags() {
        return Stream.of(
                List.of("--db", "all"),
                List.of("--db", "0,3"),
                List.of("--db", "all", "--map-db", "3=7"),
                List.of("--db", "0,3", "--map-db", "3=0", "--map-db", "0=3"));
    }

    @ParameterizedTest
    @MethodSource("databaseFlags")
    void databasesAreEqualAfterTheMigrationWithTheSameFlags(List<String> flags) {
        fillDatabases();
        atTarget.select(9);
        atTarget.set("not in question where databases are listed", "v");
        atTarget.select(0);

        CommandRun run = migrate(flags, "--verify", "--match=string:*");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("EQUAL: 40 keys of the source compared, 40 of the target");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void differencesAreFoundInEachDatabaseAndReportedWithIt() throws IOException {
        fillDatabases();
        List<String> flags = List.of("--db", "all", "--map-db", "3=7");
        migrate(flags);
        atTarget.set("string:1", "changed");
        atTarget.select(7);
        atTarget.del("string:1");
        atTarget.set("only here", "v");
        // nothing goes to database 3 any more
        atTarget.select(3);
        atTarget.set("not in question", "v");
        Path json = folder.resolve("report.json");

        CommandRun run = compare(flags, "--rounds=1", "--json", json.toString());

        assertThat(lines(run))
                .containsExactlyInAnyOrder(
                        "value \"string:1\": holds another string (database 0)",
                        "missing \"string:1\": only the source has it (database 3)",
                        // database 7 of the source goes there too, so this is the target's number
                        "extra \"only here\": only the target has it (database 7)");
        assertThat(new ObjectMapper().readTree(json.toFile()).findValuesAsText("database"))
                .containsExactlyInAnyOrder("0", "3", "7");
        assertThat(compare(flags, "--repair", "--prune", "--rounds=1").exitCode())
                .isZero();
        atTarget.select(7);
        atSource.select(3);
        assertThat(atTarget.get("string:1")).isEqualTo(atSource.get("string:1"));
        assertThat(atTarget.exists("only here")).isFalse();
        atTarget.select(3);
        assertThat(atTarget.exists("not in question")).isTrue();
    }

    @Test
    void oneDatabaseThatWasMovedIsCompared() {
        atSource.select(3);
        SampleData.fillMixed(atSource, 50);
        List<String> moved = List.of("compare", "-from", PAIR.from() + "/3", "-to", PAIR.to(), "--map-db", "3=5");
        CommandRun.of(
                Stream.concat(moved.stream().skip(1), Stream.of("-silent")).toArray(String[]::new));
        atTarget.select(5);
        // a set is told apart by its members, which takes both servers at their databases
        atTarget.sadd("mixed:2", "another");

        CommandRun run = CommandRun.of(
                Stream.concat(moved.stream(), Stream.of("--rounds=1")).toArray(String[]::new));

        assertThat(lines(run)).containsExactly("value \"mixed:2\": holds another set");
    }

    private void fillDatabases() {
        SampleData.fillStrings(atSource, 20, 10);
        atSource.select(3);
        SampleData.fillStrings(atSource, 20, 12);
        atSource.select(0);
    }

    // --- names ---

    @Test
    void renamedKeysAreLookedUpUnderTheNamesThatTheyCameFrom() {
        SampleData.fillStrings(atSource, 20, 10);
        atSource.set("other", "v");
        List<String> flags = List.of("--rename", "string:*=s:*", "--rename", "s:*=t:*");
        assertThat(migrate(flags, "--verify").out())
                .contains("EQUAL: 21 keys of the source compared, 21 of the target");
        atTarget.set("s:extra", "v");
        // a key of this name would be called t:: so none of the source's has it
        atTarget.set("s:s", "v");
        atTarget.set("string:1", "left from before");
        atTarget.del("s:3");
        atTarget.append("s:4", "!");
        atTarget.set("foreign", "v");

        CommandRun run = compare(flags, "--rounds=1");

        assertThat(lines(run))
                .containsExactlyInAnyOrder(
                        "extra \"string:extra\": only the target has it, called \"s:extra\" there",
                        "extra \"string:s\": only the target has it, called \"s:s\" there",
                        "extra \"foreign\": only the target has it",
                        "missing \"string:3\": only the source has it, called \"s:3\" there",
                        "value \"string:4\": holds another string, called \"s:4\" there");
        assertThat(compare(flags, "--prune", "--repair", "--rounds=1").exitCode())
                .isZero();
        // no key of the source can get this name, so it is none of the comparison's
        assertThat(atTarget.exists("string:1")).isTrue();
        assertThat(atTarget.dbSize()).isEqualTo(22);
    }

    @Test
    void filtersByNameAreAboutTheNamesAtTheSource() {
        SampleData.fillStrings(atSource, 20, 10);
        atSource.set("other", "v");
        List<String> flags = List.of("--rename", "string:*=s:*", "--match", "string:*", "--exclude-key", "string:1*");
        assertThat(migrate(flags, "--verify").out()).contains("EQUAL: 9 keys of the source compared, 9 of the target");
        atTarget.set("s:1x", "excluded");
        atTarget.set("foreign", "does not match");
        atTarget.set("s:x", "v");

        assertThat(lines(compare(flags, "--rounds=1")))
                .containsExactly("extra \"string:x\": only the target has it, called \"s:x\" there");
    }

    @Test
    void keysThatARegularExpressionMayHaveNamedAreLeftAloneAndCounted() throws IOException {
        SampleData.fillStrings(atSource, 20, 10);
        List<String> flags = List.of("--rename", "string:(.*)=new:$1");
        assertThat(migrate(flags, "--verify").exitCode()).isZero();
        atSource.del("string:5");
        atTarget.set("foreign", "v");
        atTarget.del("new:6");
        Path json = folder.resolve("report.json");

        CommandRun run = compare(flags, "--rounds=1", "--prune", "--json", json.toString());

        assertThat(lines(run)).containsExactly("missing \"string:6\": only the source has it, called \"new:6\" there");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        // the 19 keys of the target that are named so, as names alone do not tell where they came from
        assertThat(report.path("undecided").asLong()).isEqualTo(19);
        assertThat(run.out()).contains("undecided 19: a regular expression of --rename may have named these keys");
        assertThat(report.path("deleted").asLong()).isEqualTo(1);
        assertThat(atTarget.exists("foreign")).isFalse();
        assertThat(atTarget.exists("new:5")).isTrue();
    }

    // --- filters ---

    @Test
    void severalTypesAreCompared() {
        SampleData.fillMixed(atSource, 50);
        List<String> flags = List.of("--type", "string,list");
        assertThat(migrate(flags, "--verify").out()).contains("EQUAL: ");
        atTarget.set("string:extra", "v");
        atTarget.sadd("set:extra", "v");
        atTarget.set("mixed:2", "a set at the source");

        assertThat(lines(compare(flags, "--rounds=1")))
                .containsExactlyInAnyOrder(
                        "extra \"string:extra\": only the target has it",
                        "type \"mixed:2\": is a set at the source, a list or string at the target");
    }

    @Test
    void sizesAreCompared() {
        SampleData.fillStrings(atSource, 20, 10);
        atSource.set("large", "x".repeat(5_000));
        List<String> flags = List.of("--min-size", "4kb");
        assertThat(migrate(flags, "--verify").out()).contains("EQUAL: 1 keys of the source compared, 1 of the target");
        atTarget.set("large extra", "x".repeat(5_000));
        atTarget.set("small extra", "x");

        assertThat(lines(compare(flags, "--rounds=1")))
                .containsExactly("extra \"large extra\": only the target has it");
    }

    @Test
    void timesToLiveCountFromTheBeginningOfTheMigration() {
        for (int i = 0; i < 400; i++) {
            // while the run goes on, some come under the bound
            atSource.set("k:" + i, "v", SetParams.setParams().px(100_000 + i * 10));
        }

        CommandRun run = migrate(List.of("--max-ttl", "102s"), "--verify");

        assertThat(run.out()).contains("EQUAL: ");
        assertThat(atTarget.dbSize()).isBetween(180L, 230L);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aSampleIsCompared() {
        SampleData.fillStrings(atSource, 3_000, 10);

        assertThat(migrate(List.of("--sample", "150"), "--verify", "--scan-count=100")
                        .out())
                .contains("EQUAL: 150 keys of the source compared, 150 of the target");
    }

    @Test
    void keysOfAFileAreComparedInBothDirectionsByTheFile() throws IOException {
        SampleData.fillStrings(atSource, 20, 10);
        Path keys = Files.writeString(folder.resolve("keys.txt"), "string:1\nstring:2\nstring:3\nnowhere\n");
        List<String> flags = List.of("--keys-from", keys.toString(), "--rename", "string:*=s:*");
        assertThat(migrate(flags, "--verify").exitCode()).isZero();
        assertThat(atTarget.dbSize()).isEqualTo(3);
        atSource.del("string:1");
        atTarget.del("s:2");
        atTarget.set("not in the file", "v");

        CommandRun run = compare(flags, "--rounds=1");

        assertThat(lines(run))
                .containsExactlyInAnyOrder(
                        "extra \"string:1\": only the target has it, called \"s:1\" there",
                        "missing \"string:2\": only the source has it, called \"s:2\" there");
        assertThat(compare(flags, "--prune", "--repair", "--rounds=1").exitCode())
                .isZero();
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("s:2", "s:3", "not in the file");
    }

    static Stream<List<String>> mergingFlags() {
        return Stream.of(
                List.of("--rename", "user:*=u:*"),
                List.of("--rename", "(user|u):(.*)=u:$2"),
                List.of("--db", "0,2", "--map-db", "2=0"));
    }

    @ParameterizedTest
    @MethodSource("mergingFlags")
    void aNameIsExtraOnlyIfNoOtherKeyOfTheRunStandsBehindIt(List<String> merging) throws IOException {
        // of the name u:x one key is listed and missing, and another one is there
        atSource.select(merging.contains("--db") ? 2 : 0);
        atSource.set("u:x", "v");
        atSource.set("u:z", "v");
        Path keys = Files.writeString(folder.resolve("keys.txt"), "user:x\nu:x\nuser:y\nu:y\n");
        List<String> flags = Stream.concat(merging.stream(), Stream.of("--keys-from", keys.toString()))
                .toList();
        assertThat(migrate(flags).exitCode()).isZero();
        atTarget.set("u:y", "neither user:y nor u:y is there");
        assertThat(compare(flags, "--rounds=1").out()).contains("differing 1: missing 0, extra 1,");

        assertThat(compare(flags, "--rounds=1", "--prune", "--repair").out()).contains("deleted 1");

        assertThat(atTarget.keys("*")).containsExactly("u:x");
    }

    @Test
    void aListedKeyThatIsGoneLeavesOtherTypesAlone() throws IOException {
        atSource.set("kept", "v");
        atTarget.set("a string", "v");
        atTarget.rpush("a list", "v");
        Path keys = Files.writeString(folder.resolve("keys.txt"), "kept\na string\na list\n");
        List<String> flags = List.of("--keys-from", keys.toString(), "--type", "list");

        assertThat(lines(compare(flags, "--rounds=1"))).containsExactly("extra \"a list\": only the target has it");
        compare(flags, "--rounds=1", "--prune");
        assertThat(atTarget.keys("*")).containsExactly("a string");
    }

    @Test
    void keysOfExcludedTypesAreNoOriginOfUndecidedKeys() {
        atSource.set("n:x", "left out by its type");
        atSource.rpush("user:x", "v");
        List<String> flags = List.of("--rename", "(user|u):(.*)=n:$2", "--type", "list,hash");

        CommandRun run = migrate(flags, "--verify", "--rounds=1");

        assertThat(run.out()).contains("EQUAL: ").contains("undecided 1: ");
        assertThat(run.exitCode()).isZero();
    }

    private static CommandRun migrate(List<String> flags, String... more) {
        return run(Stream.of(), flags, more);
    }

    private static CommandRun compare(List<String> flags, String... more) {
        return run(Stream.of("compare"), flags, more);
    }

    private static CommandRun run(Stream<String> command, List<String> flags, String... more) {
        Stream<String> both = Stream.concat(command, Stream.of("-from", PAIR.from(), "-to", PAIR.to()));
        return CommandRun.of(Stream.concat(both, Stream.concat(flags.stream(), Stream.of(more)))
                .toArray(String[]::new));
    }

    /** The lines about single keys. */
    private static List<String> lines(CommandRun run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(missing|extra|type|value|expiry) \".*"))
                .toList();
    }
}
