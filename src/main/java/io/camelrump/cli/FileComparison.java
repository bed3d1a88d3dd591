package io.camelrump.cli;

import io.camelrump.Difference;
import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.FileUri;
import io.camelrump.cli.flags.RouteProperties;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A comparison with a file. A file cannot be asked for a key, and so it is always the side that is read: where it is
 * the target, both sides change places, and what is found is said the other way round.
 */
final class FileComparison {
    /** Flags under which the keys of a file have other names, or are others, than those of the server. */
    private static final List<String> NOT_TURNED = List.of("--rename", "--map-db", "--keys-from", "--sample");

    private FileComparison() {}

    /** Why these two sides cannot be compared with the flags that were given; null if they can. */
    static @Nullable String objection(CommandSpec spec, Address from, Address to) {
        if (from instanceof FileUri file && file.file().isStandard()
                || to instanceof FileUri other && other.file().isStandard()) {
            return "a comparison reads a file twice, and - can be read once: name a file";
        }
        if (from.isFile() && to.isFile()) {
            return "two files cannot be compared: restore one to a server, and compare the other with that";
        }
        if (!to.isFile()) {
            return null;
        }
        return NOT_TURNED.stream()
                .filter(flag -> !spec.findOption(flag).stringValues().isEmpty())
                .map(flag ->
                        flag + " has no place where a server's keys are compared with a file, --to: give the file as"
                                + " --from")
                .findFirst()
                .orElse(null);
    }

    /** The plan as it is run. */
    static RunPlan turned(RunPlan plan) {
        if (!plan.to().isFile()) {
            return plan;
        }
        Map<String, String> others = new LinkedHashMap<>();
        RouteProperties.ofComparison(plan.properties()).forEach((name, value) -> others.put(turned(name), value));
        return plan.turned(others);
    }

    private static String turned(String name) {
        if (name.startsWith(RouteProperties.SOURCE)) {
            return RouteProperties.TARGET + name.substring(RouteProperties.SOURCE.length());
        }
        return name.startsWith(RouteProperties.TARGET)
                ? RouteProperties.SOURCE + name.substring(RouteProperties.TARGET.length())
                : name;
    }

    /** A difference that a turned comparison found, as it is between the sides that a person named. */
    static Difference turned(Difference found) {
        return new Difference(found.key(), found.database(), turned(found.cause()), swapped(found.detail()));
    }

    static Map<Difference.Cause, Long> turned(Map<Difference.Cause, Long> causes) {
        Map<Difference.Cause, Long> others = new EnumMap<>(Difference.Cause.class);
        causes.forEach((cause, keys) -> others.put(turned(cause), keys));
        return others;
    }

    private static Difference.Cause turned(Difference.Cause cause) {
        return switch (cause) {
            case MISSING -> Difference.Cause.EXTRA;
            case EXTRA -> Difference.Cause.MISSING;
            default -> cause;
        };
    }

    private static String swapped(String detail) {
        return detail.replace("source", "\0").replace("target", "source").replace("\0", "target");
    }
}
