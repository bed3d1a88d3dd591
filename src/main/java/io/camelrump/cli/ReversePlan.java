package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.DatabaseSelection;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.text.OptionLines;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The plan of the run that leads from the target of a migration back to its source, where there can be one. */
final class ReversePlan {
    private static final String FLAG = "--way-back";
    /** Options that belong to a server, and not to the direction in which keys go. */
    private static final Set<String> OF_SERVER = Set.of(
            "host",
            "port",
            "sentinels",
            "master-name",
            "sentinel-username",
            "sentinel-password",
            "sentinel-password-file",
            "database",
            "username",
            "password",
            "password-file",
            "tls",
            "ca",
            "cert",
            "key",
            "key-password",
            "sni",
            "insecure",
            "mode");

    /** Filters by what changes with a key's value or with time. */
    private static final List<String> OF_VALUES = List.of("min-size", "max-size", "min-ttl", "max-ttl");

    private static final String NAME_FILTERS = "--include-key, --exclude-key, --include-regex and --exclude-regex";
    private static final List<String> OF_NAMES =
            List.of("include-key", "exclude-key", "include-regex", "exclude-regex");

    /** Options that bring a migration to its cutover by themselves. */
    private static final Set<String> OF_CUTTING_OVER = Set.of(
            RouteProperties.SOURCE + "until-lag",
            RouteProperties.SOURCE + "until-after",
            RouteProperties.SOURCE + "cutover-file");

    private ReversePlan() {}

    /** Why keys cannot be led back under these flags; null if they can. */
    static @Nullable String objection(RunPlan plan) {
        Map<String, String> given = plan.properties();
        if (plan.live() == null) {
            return FLAG + " follows a live run: add --live";
        }
        if (plan.routes().files().stream().anyMatch(RouteFile::isOwn)) {
            return FLAG + " leads keys back by the built-in routes, which cannot undo what " + plan.routes()
                    + " does: leave one of both out";
        }
        if ("false".equals(given.get(RouteProperties.ALL + "ttl"))) {
            return FLAG + " would take every expiry from the former source: leave --ttl=false out";
        }
        if (!given.getOrDefault(RouteProperties.ALL + "on-conflict", ConflictPolicy.REPLACE.name())
                .equalsIgnoreCase(ConflictPolicy.REPLACE.name())) {
            return FLAG + " writes over the former values of changed keys: leave --on-conflict out, or say replace";
        }
        for (String filter : OF_VALUES) {
            if (given.containsKey(RouteProperties.ALL + filter)) {
                return FLAG + " cannot undo --" + filter
                        + ": a key that it left out may have other values at both sides. Leave one of both out";
            }
        }
        String renaming = renameObjection(given);
        return renaming == null ? databaseObjection(plan) : renaming;
    }

    /** Under one rule for prefixes that all keys have, names of the target lead back to one name each. */
    private static @Nullable String renameObjection(Map<String, String> given) {
        String text = given.get(RouteProperties.ALL + "rename");
        if (text == null) {
            return null;
        }
        Prefixes prefixes = Prefixes.of(OptionLines.split("rename", text));
        if (prefixes == null) {
            return FLAG + " can undo --rename by a single pair of prefixes such as user:*=u:*, without any of"
                    + " \\ [ ] ? * in them: leave one of both out";
        }
        if (OF_NAMES.stream().anyMatch(filter -> given.containsKey(RouteProperties.ALL + filter))) {
            return FLAG + " can undo --rename only without " + NAME_FILTERS + ": leave one of both out";
        }
        String wanted = prefixes.old() + "*";
        return wanted.equals(given.getOrDefault(RouteProperties.ALL + "match", "*"))
                ? null
                : FLAG + " can undo --rename '" + text
                        + "' only if each key that is read has that prefix: add --match '" + wanted + "'";
    }

    private record Prefixes(String old, String instead) {
        /** Null if these are other rules. */
        static @Nullable Prefixes of(List<String> rules) {
            if (rules.size() != 1) {
                return null;
            }
            String rule = rules.get(0);
            int equals = rule.indexOf("*=");
            if (equals < 0 || !rule.endsWith("*") || equals + 2 >= rule.length()) {
                return null;
            }
            String old = rule.substring(0, equals);
            String instead = rule.substring(equals + 2, rule.length() - 1);
            return (old + instead).matches("[^\\\\\\[\\]?*]*") ? new Prefixes(old, instead) : null;
        }
    }

    private static @Nullable String databaseObjection(RunPlan plan) {
        DatabaseSelection databases = databases(plan);
        Map<Integer, Integer> moves = databases.moves();
        boolean injective = databases.numbers().isEmpty()
                ? moves.keySet().equals(new HashSet<>(moves.values()))
                        && hasNoPair(moves.values().stream().toList())
                : hasNoPair(databases.numbers().stream()
                        .map(number -> moves.getOrDefault(number, number))
                        .toList());
        return injective
                ? null
                : FLAG
                        + " cannot undo --map-db where two databases may become one: name the databases by --db, or leave"
                        + " one of both out";
    }

    private static boolean hasNoPair(List<Integer> numbers) {
        return new HashSet<>(numbers).size() == numbers.size();
    }

    private static DatabaseSelection databases(RunPlan plan) {
        Integer named = plan.from().database();
        return DatabaseSelection.by(
                named == null ? 0 : named,
                plan.properties().get(RouteProperties.ALL + "db"),
                plan.properties().get(RouteProperties.ALL + "map-db"));
    }

    /** The plan of the way back of a run that has none of the objections. */
    static RunPlan of(RunPlan plan) {
        Map<String, String> turned = new LinkedHashMap<>();
        plan.properties().forEach((name, value) -> turned.put(turned(name), value));
        turned.put(RouteProperties.ALL + "on-conflict", ConflictPolicy.REPLACE.name());
        turned.put(RouteProperties.SOURCE + "way-back", "true");
        // a person alone leads the clients back
        turned.keySet().removeAll(OF_CUTTING_OVER);
        turnDatabases(plan, turned);
        Prefixes prefixes =
                Prefixes.of(OptionLines.split("rename", plan.properties().get(RouteProperties.ALL + "rename")));
        if (prefixes != null) {
            turned.put(RouteProperties.ALL + "rename", prefixes.instead() + "*=" + prefixes.old() + "*");
            turned.put(RouteProperties.ALL + "match", prefixes.instead() + "*");
        }
        return plan.turned(turned);
    }

    private static String turned(String property) {
        for (List<String> sides : List.of(
                List.of(RouteProperties.SOURCE, RouteProperties.TARGET),
                List.of(RouteProperties.TARGET, RouteProperties.SOURCE))) {
            String side = sides.get(0);
            if (property.startsWith(side) && OF_SERVER.contains(property.substring(side.length()))) {
                return sides.get(1) + property.substring(side.length());
            }
        }
        return property;
    }

    private static void turnDatabases(RunPlan plan, Map<String, String> turned) {
        DatabaseSelection databases = databases(plan);
        if (!turned.containsKey(RouteProperties.ALL + "db")) {
            // the databases of both addresses have changed sides with them
            return;
        }
        Map<Integer, Integer> back = new TreeMap<>();
        databases.moves().forEach((from, to) -> back.put(to, from));
        if (!databases.numbers().isEmpty()) {
            List<String> numbers = new ArrayList<>();
            databases
                    .numbers()
                    .forEach(number ->
                            numbers.add(String.valueOf(databases.moves().getOrDefault(number, number))));
            turned.put(RouteProperties.ALL + "db", String.join(",", numbers));
        }
        if (!back.isEmpty()) {
            turned.put(
                    RouteProperties.ALL + "map-db",
                    back.entrySet().stream()
                            .map(move -> move.getKey() + "=" + move.getValue())
                            .collect(Collectors.joining(",")));
        }
    }
}
