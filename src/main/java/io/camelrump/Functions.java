package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of a server, which are there once for all its databases.
 *
 * @param dump what FUNCTION DUMP gave
 * @param libraries the code of each library by its name
 * @see <a href="https://redis.io/docs/latest/commands/function-dump/">FUNCTION DUMP</a>
 */
record Functions(byte[] dump, Map<String, byte[]> libraries) {
    private static final Logger LOG = LoggerFactory.getLogger(Functions.class);

    Functions {
        libraries = Map.copyOf(libraries);
    }

    /** All of a source; a server that has none to give is refused. */
    static Functions of(RedisConnection source) throws IOException {
        Object dump = source.call("FUNCTION", "DUMP");
        if (dump instanceof byte[] payload) {
            return new Functions(payload, libraries(source));
        }
        throw unable("Source", source, "FUNCTION DUMP", dump);
    }

    private static RedisException unable(
            String side, RedisConnection connection, String command, @Nullable Object reply) {
        if (reply instanceof ErrorReply error && error.isPassing()) {
            return RedisException.passing(connection.address() + " said: " + error.text(), null);
        }
        return RedisException.lasting(side + " " + connection.address() + " answered " + command + " by: " + reply
                + ". Functions are there from Redis 7.0 on, and a user needs +function; or leave them out"
                + " (functions=false).");
    }

    private static Map<String, byte[]> libraries(RedisConnection connection) throws IOException {
        Object reply = connection.call("FUNCTION", "LIST", "WITHCODE");
        if (!(reply instanceof List<?> found)) {
            throw unable("Server", connection, "FUNCTION LIST", reply);
        }
        Map<String, byte[]> libraries = new HashMap<>();
        for (Object library : found) {
            List<@Nullable Object> fields = RedisConnection.list(library);
            byte[] name = new byte[0];
            byte[] code = new byte[0];
            for (int i = 0; i + 1 < fields.size(); i += 2) {
                if (fields.get(i) instanceof byte[] field && fields.get(i + 1) instanceof byte[] value) {
                    switch (new String(field, StandardCharsets.UTF_8)) {
                        case "library_name" -> name = value;
                        case "library_code" -> code = value;
                        default -> {}
                    }
                }
            }
            libraries.put(new String(name, StandardCharsets.UTF_8), code);
        }
        return libraries;
    }

    /** Puts them on a target; a library that it has already is replaced, kept, or ends the run. */
    void restore(RedisConnection target, ConflictPolicy onConflict) throws IOException, TargetClosedException {
        if (libraries.isEmpty()) {
            return;
        }
        switch (onConflict) {
            case REPLACE -> replace(target);
            case KEEP -> load(target, missing(target, false), false);
            case FAIL -> load(target, missing(target, true), false);
        }
        LOG.info("Target {} has the {} function libraries of the source", target.address(), libraries.size());
    }

    private void replace(RedisConnection target) throws IOException {
        target.out()
                .command(4)
                .arg("FUNCTION")
                .arg("RESTORE")
                .arg(dump)
                .arg("REPLACE")
                .flush();
        Object reply = target.in().reply();
        if (reply instanceof ErrorReply error && error.refusesVersion()) {
            // an older server takes the code all the same
            load(target, List.copyOf(libraries.keySet()), true);
        } else if (reply instanceof ErrorReply) {
            throw unable("Target", target, "FUNCTION RESTORE", reply);
        }
    }

    /** Libraries that the target does not have; of those that it has, another code decides. */
    private List<String> missing(RedisConnection target, boolean fail) throws IOException, TargetClosedException {
        Map<String, byte[]> there = libraries(target);
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, byte[]> library : libraries.entrySet()) {
            byte[] code = there.get(library.getKey());
            if (code == null) {
                missing.add(library.getKey());
            } else if (!Arrays.equals(code, library.getValue())) {
                if (fail) {
                    throw new TargetClosedException("Target " + target.address()
                            + " has another function library of the name " + library.getKey()
                            + ", and onConflict=fail; no key was written before.");
                }
                LOG.warn("Target {} keeps its own function library {}", target.address(), library.getKey());
            }
        }
        return missing;
    }

    private void load(RedisConnection target, List<String> names, boolean replace) throws IOException {
        for (String name : names) {
            target.out().command(replace ? 4 : 3).arg("FUNCTION").arg("LOAD");
            if (replace) {
                target.out().arg("REPLACE");
            }
            target.out().arg(libraries.getOrDefault(name, new byte[0])).flush();
            Object reply = target.in().reply();
            if (reply instanceof ErrorReply) {
                throw unable("Target", target, "FUNCTION LOAD of " + name, reply);
            }
        }
    }
}
