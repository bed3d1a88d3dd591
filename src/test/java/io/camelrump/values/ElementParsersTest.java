package io.camelrump.values;

import io.camelrump.fixtures.Parser;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.ServerClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Whatever a server says of a key's elements, it is read, or is one of the declared errors. */
class ElementParsersTest {
    private static final byte[] KEY = {'k'};
    private static final String STREAM = map(
            "length",
            ":1\r\n",
            "last-generated-id",
            bulk("5-5"),
            "max-deleted-entry-id",
            bulk("0-0"),
            "entries-added",
            ":1\r\n",
            "idmp-duration",
            ":100\r\n",
            "idmp-maxsize",
            ":100\r\n",
            "entries",
            "*1\r\n*2\r\n" + bulk("5-5") + "*2\r\n" + bulk("f") + bulk("v"),
            "groups",
            "*1\r\n"
                    + map(
                            "name",
                            bulk("g"),
                            "last-delivered-id",
                            bulk("5-5"),
                            "entries-read",
                            ":1\r\n",
                            "pel-count",
                            ":1\r\n",
                            "pending",
                            "*1\r\n*4\r\n" + bulk("5-5") + bulk("c") + ":1790000000000\r\n:1\r\n",
                            "consumers",
                            "*1\r\n" + map("name", bulk("c"))));

    private static final List<Parser> PARSERS = List.of(
            Parser.of("streams", ElementParsersTest::stream, List.of(STREAM), IOException.class),
            scanned("hash", List.of("*2\r\n" + bulk("0") + "*2\r\n" + bulk("f") + bulk("v"))),
            scanned("zset", List.of("*2\r\n" + bulk("7") + "*2\r\n" + bulk("m") + bulk("1.5"))),
            scanned("set", List.of("*2\r\n" + bulk("_user:12") + "*2\r\n" + bulk("m") + bulk("n"))),
            scanned("list", List.of("*2\r\n" + bulk("e") + bulk("f"))),
            scanned("string", List.of(bulk("value"))));

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF)
    void elementsAreReadOrDeclaredErrors(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    @Tag("long")
    @Property(tries = 1_000_000, shrinking = ShrinkingMode.OFF)
    void aMillionElementsAreReadOrDeclaredErrors(@ForAll long seed) {
        Parser.readAny(PARSERS, seed);
    }

    private static void stream(byte[] input) throws Exception {
        Object reply = reply(input);
        KeyCommands commands = new KeyCommands(null);
        if (!(reply instanceof ErrorReply)) {
            StreamReader reader = new StreamReader(commands, KEY, ServerClock.unknown(), 1);
            commands.understood(() -> reader.takeWhole(new Elements.Builder(), commands.judge("XINFO", reply), 1000));
        }
    }

    private static Parser scanned(String type, List<String> samples) {
        return Parser.of(
                type,
                input -> {
                    Object reply = reply(input);
                    KeyCommands commands = new KeyCommands(null);
                    if (!(reply instanceof ErrorReply)) {
                        ElementScan scan = new ElementScan(commands, KEY, type, false, PartLimit.ofBytes(100));
                        commands.understood(() -> scan.readNext(new Elements.Builder(), reply, 10));
                    }
                },
                samples,
                IOException.class);
    }

    private static Object reply(byte[] input) throws IOException {
        return new RespReader(new ByteArrayInputStream(input), 64).reply();
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static String map(String... fields) {
        StringBuilder map = new StringBuilder("*" + fields.length + "\r\n");
        for (int i = 0; i < fields.length; i += 2) {
            map.append(bulk(fields[i])).append(fields[i + 1]);
        }
        return map.toString();
    }
}
