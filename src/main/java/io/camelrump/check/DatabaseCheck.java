package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the databases are there that a run of several reads and writes. */
final class DatabaseCheck {
    private static final String NAME = "databases";

    private final Side source;
    private final Side target;
    private final Intent intent;

    DatabaseCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.intent = intent;
    }

    List<Finding> findings() throws IOException {
        if (intent.databases().isNone()) {
            return List.of();
        }
        if (intent.databases().all() && source.info().isHidden()) {
            return List.of(Finding.note(
                    NAME, "not known which hold keys, as the source hides it", "add the rule +info for its user"));
        }
        List<Integer> numbers =
                intent.databases().all() ? filled() : intent.databases().numbers();
        List<Finding> findings = new ArrayList<>();
        for (int from : numbers) {
            int to = intent.databases().target(from);
            if (!isThere(source, from)) {
                findings.add(Finding.no(
                        NAME, "the source has no database " + from, "leave it out of --db, or add the rule +select"));
            } else if (!isThere(target, to)) {
                findings.add(Finding.no(
                        NAME,
                        "database " + from + " goes to " + to + ", which the target does not have",
                        "name another one by --map-db " + from + "=N, raise databases in the target's configuration,"
                                + " or add the rule +select"));
            }
        }
        if (findings.isEmpty()) {
            findings.add(Finding.yes(
                    NAME,
                    numbers.isEmpty()
                            ? "none holds a key"
                            : numbers.stream()
                                    .map(from ->
                                            from + " to " + intent.databases().target(from))
                                    .collect(Collectors.joining(", "))));
        }
        return findings;
    }

    /** The databases of the source that hold keys. */
    private List<Integer> filled() {
        return source.info().fields().keySet().stream()
                .filter(field -> field.matches("db\\d{1,9}"))
                .map(field -> Integer.valueOf(field.substring(2)))
                .sorted()
                .toList();
    }

    private static boolean isThere(Side side, int number) throws IOException {
        RedisConnection connection = side.connection();
        boolean there = !(connection.probe("SELECT", String.valueOf(number)) instanceof ErrorReply);
        connection.call("SELECT", String.valueOf(side.hasDatabase() ? side.database() : 0));
        return there;
    }
}
