package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Permission;
import io.camelrump.needs.RunPermissions;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which commands of the run the two users may not send, and the rules that let them do just what the run needs. */
final class PermissionCheck {
    private final Side source;
    private final Side target;
    private final RunPermissions permissions;

    PermissionCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.permissions = RunPermissions.all(source, target, intent);
    }

    List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        examine(source, "rump-reader", permissions.ofSource(), findings);
        examine(target, "rump-writer", permissions.ofTarget(), findings);
        return findings;
    }

    private static void examine(Side side, String user, List<Permission> asked, List<Finding> findings)
            throws IOException {
        if (!side.knows("ACL", "WHOAMI")) {
            findings.add(Finding.yes(side.name() + " ACL", "none, as below Redis 6.0 every user may do everything"));
        }
        List<Permission> permissions = Permission.strictest(asked);
        Map<String, List<Permission>> lacking = new LinkedHashMap<>();
        try (NeverExecuted transaction = NeverExecuted.begin(side)) {
            for (Permission permission : permissions) {
                ErrorReply error = refusal(side, permission, transaction);
                if (error != null && permission.isNeeded()) {
                    findings.add(
                            Finding.no(side.name() + " +" + permission.rule(), error.text(), permission.advice(error)));
                }
                if (error != null) {
                    lacking.computeIfAbsent(permission.without(), without -> new ArrayList<>())
                            .add(permission);
                }
            }
        }
        lacking.forEach((without, lacked) -> {
            if (!without.isEmpty()) {
                findings.add(Finding.note(
                        side.name() + " +" + lacked.get(0).rule(),
                        "the user may not: " + without,
                        (lacked.size() == 1 ? "add the rule " : "add the rules ") + Permission.rules(lacked)));
            }
        });
        findings.add(conclusion(side, user, permissions, lacking));
    }

    private static Finding conclusion(
            Side side, String user, List<Permission> permissions, Map<String, List<Permission>> lacking) {
        String line = "ACL SETUSER " + user + " on >PASSWORD ~* " + Permission.rules(permissions);
        String name = side.name() + " permissions";
        String found = permissions.size() + " commands are sent";
        if (lacking.containsKey("")) {
            return Finding.no(name, "the user lacks commands", line);
        }
        return lacking.isEmpty()
                ? new Finding(name, Finding.Verdict.YES, found + ", the user may send all", line)
                : Finding.note(name, found, line);
    }

    /**
     * ACL DRYRUN asks without sending the command; where it is not there or not allowed, the command is sent, or queued
     * if it would write.
     */
    private static @Nullable ErrorReply refusal(Side side, Permission permission, NeverExecuted transaction)
            throws IOException {
        ErrorReply refused = refusal(side, permission, permission.words(), transaction);
        return refused == null || permission.otherwise().isEmpty()
                ? refused
                : refusal(side, permission, permission.otherwise(), transaction) == null ? null : refused;
    }

    private static @Nullable ErrorReply refusal(
            Side side, Permission permission, List<String> asked, NeverExecuted transaction) throws IOException {
        RedisConnection connection = side.connection();
        if (connection.probe("ACL", "WHOAMI") instanceof byte[] user) {
            List<String> words = new ArrayList<>(List.of("ACL", "DRYRUN", new String(user, StandardCharsets.UTF_8)));
            words.addAll(asked);
            Object reply = connection.probe(words.toArray(String[]::new));
            if (reply instanceof String) {
                return null;
            }
            if (reply instanceof byte[] text) {
                ErrorReply refused = new ErrorReply(new String(text, StandardCharsets.UTF_8));
                // some versions leave the code out
                return refused.text().contains("key") && !refused.text().contains("command") ? null : refused;
            }
        }
        String[] words = asked.toArray(String[]::new);
        Object reply = permission.writes() ? transaction.refusal(words) : connection.probe(words);
        return reply instanceof ErrorReply error && permission.isRefused(error) ? error : null;
    }
}
