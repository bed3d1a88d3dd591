package io.camelrump.needs;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries the commands that a run cannot do without before its first key: what is denied only at the cutover would let
 * the source's writers stand still for nothing. Writes nothing, and sends nothing that the run would not send.
 */
public final class RequiredRights {
    private RequiredRights() {}

    /**
     * Requires all that a run needs.
     *
     * @param from the server that is read, or all masters of a cluster
     * @param to the server that is written to, or all masters of a cluster
     * @throws RedisException with the rules to add if a user lacks some, or if a server cannot be asked
     */
    public static void require(OpenServers from, OpenServers to, Intent intent) {
        Side source = side("source", from, intent.sourceDatabase());
        require(new Servers(source, from), new Servers(side("target", to, intent.targetDatabase()), to), intent);
    }

    /** Requires what the source is asked for where the keys go to no server. */
    public static void requireOfSource(OpenServers from, Intent intent) {
        require(new Servers(side("source", from, intent.sourceDatabase()), from), intent, RunPermissions::ofSource);
    }

    /** Requires what the target is asked for where the keys come from no server. */
    public static void requireOfTarget(OpenServers to, Intent intent) {
        require(new Servers(side("target", to, intent.targetDatabase()), to), intent, RunPermissions::ofTarget);
    }

    private interface Needed {
        List<Permission> of(RunPermissions permissions) throws IOException;
    }

    private static void require(Servers alone, Intent intent, Needed needed) {
        try {
            require(alone, needed.of(RunPermissions.needed(alone.first(), alone.first(), intent)));
        } catch (IOException e) {
            throw ErrorText.failure(alone.first().connection().address(), e);
        }
    }

    /** The first of them is a side. */
    private record Servers(Side first, OpenServers all) {}

    private static Side side(String name, OpenServers servers, int database) {
        try {
            servers.connection(0).select(0);
            return new Side(name, servers.connection(0), servers.info(0), database, true);
        } catch (IOException e) {
            throw ErrorText.failure(servers.addresses().get(0), e);
        }
    }

    private static void require(Servers sources, Servers targets, Intent intent) {
        try {
            RunPermissions needed = RunPermissions.needed(sources.first(), targets.first(), intent);
            require(sources, needed.ofSource());
            require(targets, needed.ofTarget());
        } catch (IOException e) {
            throw ErrorText.failure(sources.first().connection().address(), e);
        }
    }

    private static void require(Servers servers, List<Permission> permissions) throws IOException {
        List<Permission> needed = Permission.strictest(permissions).stream()
                .filter(Permission::isNeeded)
                .toList();
        // each node of a cluster has its own users
        for (int i = 0; i < servers.all().addresses().size(); i++) {
            RedisConnection connection = servers.all().connection(i);
            connection.select(0);
            require(connection, needed);
        }
    }

    /** Judges each reply by itself: that one command cannot be answered now says nothing of the others. */
    private static void require(RedisConnection connection, List<Permission> needed) throws IOException {
        List<@Nullable Object> replies =
                connection.callAll(needed.stream().map(Permission::words).toList());
        List<Permission> lacking = new ArrayList<>();
        ErrorReply first = null;
        for (int i = 0; i < needed.size(); i++) {
            Permission permission = needed.get(i);
            if (replies.get(i) instanceof ErrorReply error && isLacking(connection, permission, error)) {
                if (!error.code().equals("NOPERM")) {
                    throw RedisException.permanentError(
                            connection.address() + " said: " + error.text() + ". To do: " + permission.advice(error));
                }
                first = first == null ? error : first;
                lacking.add(permission);
            }
        }
        if (first != null) {
            throw RedisException.permanentError(connection.address() + " said: " + first.text() + ". Add the rule"
                    + (lacking.size() == 1 ? " " : "s ") + Permission.rules(lacking)
                    + " to the ACL of this user.");
        }
        for (int i = 0; i < needed.size(); i++) {
            requireAnswer(connection, needed.get(i).words().get(0), replies.get(i));
        }
    }

    private static boolean isLacking(RedisConnection connection, Permission permission, ErrorReply error)
            throws IOException {
        if (!permission.isRefused(error) || permission.otherwise().isEmpty()) {
            return permission.isRefused(error);
        }
        Object reply = connection.call(permission.otherwise().toArray(String[]::new));
        requireAnswer(connection, permission.otherwise().get(0), reply);
        return reply instanceof ErrorReply other && permission.isRefused(other);
    }

    /** A server that takes no writes now has looked at the user's rights before it said so. */
    private static void requireAnswer(RedisConnection connection, String command, @Nullable Object reply) {
        if (!(reply instanceof ErrorReply error && error.refusesWrites())) {
            ErrorText.definitive(connection.address(), command, reply);
        }
    }
}
