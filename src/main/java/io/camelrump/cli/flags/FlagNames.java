package io.camelrump.cli.flags;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Which flags properties come from. */
public record FlagNames(CommandSpec spec) {

    /** The flag, or the part of an address, that became this property. */
    public String of(String property) {
        String name = property.substring(property.lastIndexOf('.') + 1);
        String side = property.startsWith(RouteProperties.SOURCE)
                ? "--from"
                : property.startsWith(RouteProperties.TARGET) ? "--to" : "-";
        return Stream.of(side + "-" + name, "--" + property.replace('.', '-'), "--" + name)
                .filter(spec.optionsMap()::containsKey)
                .findFirst()
                .orElse(side.equals("-") ? property : name + " of " + side);
    }

    /** The same; null for a flag that was not given, whose property has a value by itself. */
    @Nullable
    public String given(String property) {
        String flag = of(property);
        boolean byItself = spec.optionsMap().containsKey(flag)
                && !spec.commandLine().getParseResult().hasMatchedOption(flag);
        return byItself ? null : flag;
    }
}
