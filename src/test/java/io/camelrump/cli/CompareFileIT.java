package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.WrittenBackup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A file and a server are compared as two servers are, whichever of them is named first. */
class CompareFileIT {
    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisServer server;

    @TempDir
    Path folder;

    private Path backup;
    private Jedis jedis;

    @BeforeAll
    static void start() {
        server = SERVERS.start();
    }

    @BeforeEach
    void empty() {
        backup = folder.resolve("backup.rump");
        jedis = server.jedis();
        jedis.flushAll();
    }

    @AfterEach
    void close() {
        jedis.close();
    }

    @Test
    void fileHoldsWhatTheServerDoesThatItWasMadeOf() throws IOException {
        List<byte[]> names = SampleData.fill(jedis, RedisServers.usual());
        WrittenBackup written = new WrittenBackup();
        for (byte[] name : names) {
            written.page(jedis, List.of(name));
        }
        Files.write(backup, written.complete());

        CommandRun read = fromFile();
        assertThat(read.out()).startsWith("EQUAL: " + names.size() + " keys of the source compared, " + names.size());
        assertThat(read.exitCode()).as(read.err()).isZero();
        CommandRun turned = toFile();
        assertThat(turned.out()).startsWith("EQUAL: " + names.size() + " keys of the source compared, " + names.size());
        assertThat(turned.exitCode()).as(turned.err()).isZero();
    }

    @Test
    void everyDifferenceIsNamedFromTheSideThatAPersonNamedFirst() throws IOException {
        jedis.mset("same", "1", "value", "old", "type", "string", "in the file", "1");
        jedis.setex("expiry", 1_000, "1");
        jedis.set("never", "1");
        jedis.sadd("set", members(3_000, "old"));
        jedis.set(bytes("large"), SampleData.noise(100_000));
        Files.write(backup, new WrittenBackup().keys(jedis, 3).complete());
        jedis.set("value", "new");
        jedis.del("type", "in the file", "set");
        jedis.lpush("type", "list");
        jedis.expire("expiry", 2_000);
        jedis.expire("never", 2_000);
        jedis.sadd("set", members(3_000, "new"));
        jedis.setbit("large", 799_999, jedis.getbit("large", 799_999) ^ true);
        jedis.set("at the server", "1");

        CommandRun read = fromFile();
        assertThat(read.exitCode()).as(read.err()).isEqualTo(5);
        assertThat(read.out())
                .contains("differing 8: missing 1, extra 1, type 1, value 3, expiry 2")
                .contains("missing \"in the file\": only the source has it")
                .contains("extra \"at the server\": only the target has it")
                .contains("type \"type\": is a string at the source, a list at the target")
                .contains("value \"large\": holds another string")
                .contains("value \"set\": holds another set")
                .contains("later at the target");

        Path failed = folder.resolve("failed");
        CommandRun turned = toFile("--failed-keys=" + failed);
        assertThat(turned.exitCode()).as(turned.err()).isEqualTo(5);
        assertThat(turned.out())
                .contains("differing 8: missing 1, extra 1, type 1, value 3, expiry 2")
                .contains("extra \"in the file\": only the target has it")
                .contains("missing \"at the server\": only the source has it")
                .contains("type \"type\": is a string at the target, a list at the source")
                .contains("expiry \"never\": expires at the source alone");
        assertThat(failed).content().contains("missing: only the source has it");
    }

    @Test
    void equalValuesThatAreWrittenInAnotherWayAreEqual() throws IOException {
        jedis.sadd("set", members(3_000, "m"));
        jedis.hset("hash", "f", "v".repeat(500));
        Files.write(backup, new WrittenBackup().keys(jedis, 3).complete());
        jedis.del("set");
        List<String> members = Arrays.asList(members(3_000, "m"));
        Collections.reverse(members);
        jedis.sadd("set", members.toArray(String[]::new));

        CommandRun run = fromFile();

        assertThat(run.out()).startsWith("EQUAL: 2 keys");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void restoreIsVerifiedAndItsDocumentNamesTheFile() throws IOException {
        jedis.mset("a", "1", "b", "2", "other", "3");
        Files.write(backup, new WrittenBackup().keys(jedis, 3).complete());
        jedis.flushAll();
        Path json = folder.resolve("run.json");

        CommandRun run =
                CommandRun.of("-from=" + backup, "-to=" + uri(), "--verify", "--exclude-key=other", "--json=" + json);

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("COMPLETE: ", "EQUAL: 2 keys");
        JsonNode document = new ObjectMapper().readTree(json.toFile());
        assertThat(document.path("from").asText()).isEqualTo(backup.toString());
    }

    @Test
    void databasesAreComparedByTheirNumbers() throws IOException {
        WrittenBackup written = new WrittenBackup();
        for (int database = 0; database < 3; database++) {
            jedis.select(database);
            jedis.set("key", "of " + database);
            written.database(database).keys(jedis, 3);
        }
        Files.write(backup, written.complete());
        jedis.select(2);
        jedis.set("more", "1");

        CommandRun all = toFile("--db=all");
        assertThat(all.exitCode()).as(all.out() + all.err()).isEqualTo(5);
        assertThat(all.out()).contains("missing \"more\": only the source has it (database 2)");
        CommandRun some = toFile("--db=0,1");
        assertThat(some.exitCode()).as(some.out() + some.err()).isZero();
    }

    @Test
    void incompleteFileIsNotEqualToAnything() throws IOException {
        jedis.mset("a", "1", "b", "2");
        Files.write(backup, new WrittenBackup().keys(jedis, 3).bytes());

        CommandRun run = fromFile();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("it has no end marker");
        assertThat(run.out()).startsWith("INCOMPLETE: 2 keys");
    }

    @Test
    void flagsThatHaveNoMeaningAreRefused() throws IOException {
        Files.write(backup, new WrittenBackup().complete());

        assertThat(fromFile("--repair").err()).contains("--repair has no place where --from names a file");
        assertThat(fromFile("--prune").exitCode()).isEqualTo(2);
        assertThat(toFile("--rename=a*=b*").err()).contains("give the file as --from");
        CommandRun piped = CommandRun.of("compare", "-from=-", "-to=" + uri());
        assertThat(piped.exitCode()).isEqualTo(2);
        assertThat(piped.err()).contains("a comparison reads a file twice");
    }

    private static String[] members(int number, String prefix) {
        return Stream.iterate(0, i -> i + 1).limit(number).map(i -> prefix + i).toArray(String[]::new);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String uri() {
        return "redis://127.0.0.1:" + server.port();
    }

    private CommandRun fromFile(String... flags) {
        return compare(backup.toString(), uri(), flags);
    }

    private CommandRun toFile(String... flags) {
        return compare(uri(), backup.toString(), flags);
    }

    private static CommandRun compare(String from, String to, String... flags) {
        return CommandRun.of(Stream.concat(Stream.of("compare", "-from=" + from, "-to=" + to), Stream.of(flags))
                .toArray(String[]::new));
    }
}
