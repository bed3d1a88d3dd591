package io.camelrump.check;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which commands of the run the two users may not send, and the rules that let them do just what the run needs. */
final class PermissionCheck {
    private static final String NO_CLOCK = "both clocks are taken as right";
    private static final String NO_INFO = "a restart is told by the keys alone, an eviction not at all";
    private static final String NO_SIZE = "no percentage is shown, and every target counts as one that held keys";

    private final Side source;
    private final Side target;
    private final Intent intent;

    PermissionCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.intent = intent;
    }

    List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        examine(source, "rump-reader", ofSource(), findings);
        examine(target, "rump-writer", ofTarget(), findings);
        return findings;
    }

    private List<Permission> ofSource() throws IOException {
        List<Permission> rules = new ArrayList<>(List.of(
                Permission.needed("scan", "SCAN", "0", "COUNT", "1"),
                Permission.needed("dump", "DUMP", ""),
                Permission.needed("pttl", "PTTL", "")));
        common(rules, source);
        if (intent.needs(Intent.Need.FUNCTIONS)) {
            rules.add(Permission.needed("function", "FUNCTION", "DUMP"));
        }
        if (intent.needs(Intent.Need.USAGE)) {
            rules.add(Permission.needed("object", "OBJECT", "IDLETIME", ""));
        }
        if (intent.needs(Intent.Need.CHANGES)) {
            String scans = "changes are found by scanning again and again";
            rules.add(Permission.wanted("client|tracking", scans, "CLIENT", "TRACKING", "OFF"));
            rules.add(Permission.wanted("client|trackinginfo", scans, "CLIENT", "TRACKINGINFO"));
        }
        if (intent.needs(Intent.Need.PAUSE)) {
            rules.add(Permission.needed("client|pause", "CLIENT", "PAUSE", "0"));
            rules.add(Permission.needed("client|unpause", "CLIENT", "UNPAUSE"));
        }
        if (intent.needs(Intent.Need.RENAMING) || intent.asksTypes(source.connection())) {
            rules.add(Permission.needed("type", "TYPE", ""));
        }
        if (source.knows("PEXPIRETIME", "")) {
            rules.add(Permission.wanted("pexpiretime", "expiries are read with PTTL and TIME", "PEXPIRETIME", ""));
        }
        if (source.knows("MEMORY", "USAGE", "")) {
            rules.add(Permission.wanted(
                    "memory", "keys above --big-key are dumped like all others", "MEMORY", "USAGE", ""));
        }
        if (source.info().knowsNoTouch()) {
            rules.add(Permission.wanted(
                    "client|no-touch", "what is read looks freshly used to the source", "CLIENT", "NO-TOUCH", "ON"));
        }
        return rules;
    }

    private List<Permission> ofTarget() throws IOException {
        String nowhere = "rump:tmp:" + UUID.randomUUID();
        List<Permission> rules = new ArrayList<>();
        // an empty payload is refused after the user's rights were looked at
        rules.add(Permission.needed("restore", "RESTORE", nowhere, "0", ""));
        common(rules, target);
        if (intent.needs(Intent.Need.FUNCTIONS)) {
            rules.add(Permission.needed("function", "FUNCTION", "STATS"));
        }
        if (intent.needs(Intent.Need.CHANGES)) {
            rules.add(Permission.needed("scan", "SCAN", "0", "COUNT", "1"));
        }
        if (intent.needs(Intent.Need.CHANGES) && !intent.comparesConflicts()) {
            String delete = target.knows("UNLINK") ? "unlink" : "del";
            rules.add(Permission.needed(delete, delete, nowhere));
        }
        if (intent.comparesConflicts()) {
            rules.add(Permission.needed("dump", "DUMP", nowhere));
            String expiry = target.knows("PEXPIRETIME", nowhere) ? "pexpiretime" : "pttl";
            rules.add(Permission.needed(expiry, expiry, nowhere));
            // there is no such key, so nothing is deleted
            String delete = target.knows("UNLINK") ? "unlink" : "del";
            rules.add(Permission.needed(delete, delete, nowhere));
        }
        if (intent.waitReplicas() > 0) {
            rules.add(Permission.needed("wait", "WAIT", "0", "1"));
        }
        return rules;
    }

    private void common(List<Permission> rules, Side side) {
        if (side.database() > 0 || !intent.databases().isNone()) {
            rules.add(Permission.needed("select", "SELECT", String.valueOf(side.database())));
        }
        rules.add(Permission.wanted("info", NO_INFO, "INFO", "server"));
        rules.add(Permission.wanted("time", NO_CLOCK, "TIME"));
        rules.add(Permission.wanted("dbsize", NO_SIZE, "DBSIZE"));
        rules.add(Permission.wanted("ping", "a log-in is tried by the next command", "PING"));
    }

    private static void examine(Side side, String user, List<Permission> permissions, List<Finding> findings)
            throws IOException {
        if (!side.knows("ACL", "WHOAMI")) {
            findings.add(Finding.yes(side.name() + " ACL", "none, as below Redis 6.0 every user may do everything"));
        }
        String line = "ACL SETUSER " + user + " on >PASSWORD ~* "
                + permissions.stream().map(rule -> "+" + rule.rule()).collect(Collectors.joining(" "));
        List<Permission> needed = new ArrayList<>();
        boolean anyLacks = false;
        for (Permission permission : permissions) {
            ErrorReply error = refusal(side, permission);
            if (error == null) {
                continue;
            }
            anyLacks = true;
            if (permission.isNeeded()) {
                needed.add(permission);
            }
            findings.add(lacks(side, permission, error));
        }
        String name = side.name() + " permissions";
        String found = permissions.size() + " commands are sent";
        if (!needed.isEmpty()) {
            findings.add(Finding.no(name, "the user lacks commands", line));
        } else if (anyLacks) {
            findings.add(Finding.note(name, found, line));
        } else {
            findings.add(new Finding(name, Finding.Verdict.YES, found + ", the user may send all", line));
        }
    }

    private static Finding lacks(Side side, Permission permission, ErrorReply error) {
        String name = side.name() + " +" + permission.rule();
        return permission.isNeeded()
                ? Finding.no(name, error.text(), "add the rule +" + permission.rule())
                : Finding.note(name, "the user may not: " + permission.without(), "add the rule +" + permission.rule());
    }

    /** ACL DRYRUN asks without sending the command; where it is not there or not allowed, the command is sent. */
    private static @Nullable ErrorReply refusal(Side side, Permission permission) throws IOException {
        RedisConnection connection = side.connection();
        if (connection.call("ACL", "WHOAMI") instanceof byte[] user) {
            List<String> words = new ArrayList<>(List.of("ACL", "DRYRUN", new String(user, StandardCharsets.UTF_8)));
            words.addAll(permission.harmless());
            Object reply = connection.call(words.toArray(String[]::new));
            if (reply instanceof String) {
                return null;
            }
            if (reply instanceof byte[] text) {
                ErrorReply told = new ErrorReply(new String(text, StandardCharsets.UTF_8));
                // some versions leave the code out
                return told.text().contains("key") && !told.text().contains("command") ? null : told;
            }
        }
        Object reply = connection.call(permission.harmless().toArray(String[]::new));
        return reply instanceof ErrorReply error && error.deniesCommand() ? error : null;
    }
}
