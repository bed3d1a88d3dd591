package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.StopSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ReversePlanTest {
    private static RunPlan plan(String flags) {
        List<String> arguments =
                new ArrayList<>(List.of("--from=redis://a:b@old:1", "--to=redis://:c@new:2", "--live"));
        arguments.addAll(List.of(flags.split(" ")));
        CommandLine command = Rump.commandLine(arguments.toArray(String[]::new), Map.of(), StopSignals.none());
        command.parseArgs(arguments.toArray(String[]::new));
        return ((RumpCommand) command.getCommand()).plan();
    }

    private static Map<String, String> turned(String flags) {
        RunPlan plan = plan(flags);
        assertThat(ReversePlan.objection(plan)).isNull();
        return ReversePlan.of(plan).properties();
    }

    @Test
    void bothServersChangeSidesWithTheirLogIns() {
        RunPlan back = ReversePlan.of(plan("--from-mode=standalone --scan-count=7 --big-key=1mb"));

        assertThat(back.from().redis().host()).isEqualTo("new");
        assertThat(back.to().redis().host()).isEqualTo("old");
        assertThat(back.properties())
                .containsEntry("rump.source.host", "new")
                .containsEntry("rump.source.password", "c")
                .doesNotContainKey("rump.source.username")
                .containsEntry("rump.target.host", "old")
                .containsEntry("rump.target.username", "a")
                .containsEntry("rump.target.password", "b")
                .containsEntry("rump.target.mode", "STANDALONE")
                .containsEntry("rump.source.scan-count", "7")
                .containsEntry("rump.source.live", "true")
                .containsEntry("rump.source.way-back", "true")
                .containsEntry("camel.component.rump.big-key", "1mb");
    }

    @ParameterizedTest
    @CsvSource({
        "--db=all, all,",
        "'--db=0,3 --map-db=3=5', '0,5', 5=3",
        "--map-db=0=4, 4, 4=0",
        "'--db=all --map-db=1=2 --map-db=2=1', all, '1=2,2=1'"
    })
    void databasesAreReadBackwards(String flags, String db, String mapDb) {
        Map<String, String> back = turned(flags);

        assertThat(back.get("camel.component.rump.db")).isEqualTo(db);
        assertThat(back.get("camel.component.rump.map-db")).isEqualTo(mapDb);
    }

    @Test
    void aPrefixThatEachKeyHasIsReadBackwards() {
        assertThat(turned("--rename=user:*=u:* --match=user:*"))
                .containsEntry("camel.component.rump.rename", "u:*=user:*")
                .containsEntry("camel.component.rump.match", "u:*");
        assertThat(turned("--rename=*=new:*"))
                .containsEntry("camel.component.rump.rename", "new:*=*")
                .containsEntry("camel.component.rump.match", "new:*");
        assertThat(turned("--rename=old:*=* --match=old:*"))
                .containsEntry("camel.component.rump.rename", "*=old:*")
                .containsEntry("camel.component.rump.match", "*");
    }

    @Test
    void filtersByNameAndTypeHoldBothWays() {
        assertThat(turned("--include-key=a* --exclude-regex=b+ --type=hash"))
                .containsEntry("camel.component.rump.include-key", "a*")
                .containsEntry("camel.component.rump.exclude-regex", "b+")
                .containsEntry("camel.component.rump.type", "hash");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--ttl=false",
                "--on-conflict=keep",
                "--on-conflict=fail",
                "--min-size=1kb",
                "--max-size=1kb",
                "--min-ttl=1m",
                "--max-ttl=1m",
                "--rename=user:*=u:*",
                "--rename=user:*=u:* --match=u*",
                "--rename=(.*):old=$1",
                "--rename=a*=b* --rename=c*=d*",
                "--rename=a[*=b* --match=a[*",
                "--rename=a*=b* --match=a* --exclude-key=ab*",
                "--db=all --map-db=3=0"
            })
    void flagsThatCannotBeReadBackwardsAreRefusedByName(String flags) {
        String objection = ReversePlan.objection(plan(flags));

        assertThat(objection).isNotNull().startsWith("--way-back ");
        assertThat(objection).contains(flags.substring(0, flags.indexOf('=')).replace("--db", "--map-db"));
    }
}
