package io.camelrump.keys;

import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.UsageException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.fixtures.Parser;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Whatever stands in a file or an option that is read, it is read, or refused in words of our own. */
class FileParsersTest {
    private static final List<Parser> PARSERS = List.of(
            Parser.of(
                    "checkpoints",
                    input -> Checkpoint.decode(text(input)),
                    List.of(checkpoint("", "run"), checkpoint("node", "")),
                    IllegalArgumentException.class),
            Parser.of(
                    "renames",
                    input -> RenameRules.of(text(input)),
                    List.of("a:*=b:*", "old:=new:", "~user:(\\d+)=account:$1", "a*=b*\nc*=d*"),
                    UsageException.class),
            Parser.of(
                    "databases",
                    input -> DatabaseMapping.of(0, text(input), null).target(0),
                    List.of("0,5,2", "all"),
                    UsageException.class),
            Parser.of(
                    "moves",
                    input -> DatabaseMapping.of(0, null, text(input)),
                    List.of("0=1,2=3", "5=0"),
                    UsageException.class),
            Parser.of(
                    "patterns",
                    input -> KeyPattern.of("includeRegex", text(input), 0),
                    List.of("user:[0-9]+", "(a|b)*c{1,3}"),
                    UsageException.class));

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void filesAreReadOrRefused(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Tag("long")
    @Property(tries = 1_000_000, shrinking = ShrinkingMode.OFF)
    void aMillionFilesAreReadOrRefused(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void keyListsAreReadOrRefused(@ForAll long seed) throws IOException {
        Path file = Files.createTempFile("fuzz", ".keys");
        try {
            Parser.readAny(
                    List.of(Parser.of(
                            "lists of keys",
                            input -> KeyListFile.count(Files.write(file, input)),
                            List.of("one\ntwo\r\n\"th\\x00ree\\n\" refused\n\n", "\"\\\"\"\n"),
                            UsageException.class)),
                    seed);
        } finally {
            Files.delete(file);
        }
    }

    private static String checkpoint(String node, String runId) {
        BitSet slots = new BitSet();
        slots.set(0, node.isEmpty() ? 0 : 100);
        return new Checkpoint(
                        List.of(new Checkpoint.SourceState(
                                node,
                                runId,
                                "0 5 7",
                                slots,
                                new ScanPosition(2, -1, false),
                                new ScanPosition(1, 5, true))),
                        Map.of("match", "a*"),
                        new Counts(11, 1, 2, 3, 1, 1, 2, 1, 700, 4, 1),
                        List.of(new Refusal(new byte[] {1}, "cause")),
                        Map.of("127.0.0.1:1", new Checkpoint.TargetState("abc", true, 3, new NameHashes())),
                        Map.of("lib", Set.of("0a")),
                        Map.of("source", new ServerClock(-5, 0, true, 90)),
                        true,
                        false)
                .encode();
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }
}
