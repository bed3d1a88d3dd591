package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.ServerPair;
import io.camelrump.redis.NameLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns and rules reach the endpoints as they were typed, whatever they hold. */
class OddNamesIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two\nlines",
                "\n",
                "back\\\nslash",
                "ends\\",
                "return\r",
                "#bean:name",
                "{{name}}",
                "RAW(x)",
                "a&b=c%20+d",
                "größe"
            })
    void aPatternMatchesTheNameThatItSpells(String name) {
        PAIR.atSource().mset(name, "v", "other", "v", "lines", "v", "two", "v");
        String glob = name.replace("\\", "\\\\");

        for (List<String> flags : List.of(
                List.of("--match", glob),
                List.of("--include-key", glob),
                List.of("--include-key", glob, "--include-key=none"),
                List.of("--include-regex=none", "--include-regex", Pattern.quote(name)))) {
            PAIR.atTarget().flushAll();
            CommandRun run = migrate(flags);

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(PAIR.atTarget().keys("*")).as(flags.toString()).containsExactly(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "\n", "ends\\", "return\r", "#bean:name", "{{name}}", "RAW(x)", "größe"})
    void aRuleRenamesAsItSpells(String prefix) {
        PAIR.atSource().mset("a:1", "v", "b:1", "v");

        CommandRun run = migrate(List.of("--rename", "a:*=" + prefix + "*", "--rename=b:*=c:*"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PAIR.atTarget().keys("*")).containsExactlyInAnyOrder(prefix + "1", "c:1");
    }

    @Tag("long")
    @Test
    void aNameLongerThanAnyOtherReplyIsCopiedOrRefusedByName() {
        byte[] name = new byte[66 * 1024 * 1024];
        Arrays.fill(name, (byte) 'n');
        PAIR.atSource().set(name, new byte[1]);
        PAIR.atSource().set("k", "v");
        PAIR.atTarget().set(name, new byte[2]);

        CommandRun run = migrate(List.of("--latency-guard=off", "--on-conflict=replace"));
        boolean fits = name.length <= NameLimit.bytes();

        assertThat(run.exitCode()).as(run.err()).isEqualTo(fits ? 0 : 6);
        assertThat(run.err()).contains(fits ? "" : "the name of this key begins so, has 69,206,016 bytes");
        assertThat(PAIR.atTarget().get("k")).isEqualTo("v");
        assertThat(PAIR.atTarget().strlen(name)).isEqualTo(fits ? 1 : 2);
    }

    @Tag("long")
    @Test
    void aNameLongerThanAnyOtherReplyIsNoneOfASample() {
        PAIR.atSource().set(new byte[66 * 1024 * 1024], new byte[1]);
        PAIR.atTarget().set(new byte[66 * 1024 * 1024], new byte[1]);

        CommandRun run = CommandRun.of("check", "-from", PAIR.from(), "-to", PAIR.to());

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    private static CommandRun migrate(List<String> flags) {
        List<String> arguments = new ArrayList<>(List.of("-from", PAIR.from(), "-to", PAIR.to()));
        arguments.addAll(flags);
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
