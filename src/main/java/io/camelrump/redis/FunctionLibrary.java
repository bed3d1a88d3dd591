package io.camelrump.redis;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A library of functions, which a server has once for all its databases.
 *
 * @param code not copied
 * @param functions their names, of which a server has each once in all its libraries
 * @see <a href="https://redis.io/docs/latest/commands/function-list/">FUNCTION LIST</a>
 */
public record FunctionLibrary(byte[] code, Set<String> functions) {
    private static final String ARGUMENTS = ", with args beginning with";

    public FunctionLibrary {
        functions = Set.copyOf(functions);
    }

    public boolean hasSameCode(@Nullable FunctionLibrary other) {
        return other != null && Arrays.equals(code, other.code);
    }

    /** SHA-256 of the code, in hexadecimal digits. */
    public String digest() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java platform has SHA-256", e);
        }
    }

    /**
     * All libraries of a server by their names.
     *
     * @param side what the server is, as the first word of an error
     * @throws RedisException if it has no functions, or does not let this user see them
     */
    public static Map<String, FunctionLibrary> list(String side, RedisConnection server) throws IOException {
        Object reply = server.call("FUNCTION", "LIST", "WITHCODE");
        if (!(reply instanceof List<?> found)) {
            throw refusal(side, server, "FUNCTION LIST", reply);
        }
        return parse(found);
    }

    static Map<String, FunctionLibrary> parse(List<?> found) throws IOException {
        Map<String, FunctionLibrary> libraries = new HashMap<>();
        for (Object library : found) {
            Map<String, Object> fields = fields(library);
            libraries.put(
                    text(fields.get("library_name")),
                    new FunctionLibrary(
                            fields.get("library_code") instanceof byte[] code ? code : new byte[0],
                            names(fields.get("functions"))));
        }
        return libraries;
    }

    private static Set<String> names(@Nullable Object functions) throws IOException {
        Set<String> names = new HashSet<>();
        if (functions instanceof List<?> found) {
            for (Object function : found) {
                names.add(text(fields(function).get("name")));
            }
        }
        return names;
    }

    private static Map<String, Object> fields(@Nullable Object reply) throws IOException {
        List<@Nullable Object> list = RedisConnection.list(reply);
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i + 1 < list.size(); i += 2) {
            Object value = list.get(i + 1);
            if (value != null) {
                fields.put(text(list.get(i)), value);
            }
        }
        return fields;
    }

    private static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? ShownText.of(bytes) : String.valueOf(reply);
    }

    /**
     * Why libraries cannot be loaded beside others, as a function's name may be there once; null if they can.
     *
     * @param loaded by name
     * @param there what the server has beside them, by name
     */
    public static @Nullable String collision(Map<String, FunctionLibrary> loaded, Map<String, FunctionLibrary> there) {
        for (Map.Entry<String, FunctionLibrary> one : loaded.entrySet()) {
            for (Map.Entry<String, FunctionLibrary> other : there.entrySet()) {
                for (String name : one.getValue().functions()) {
                    if (!one.getKey().equals(other.getKey())
                            && other.getValue().functions().contains(name)) {
                        return "has the function " + name + " in its library " + other.getKey()
                                + ", and the source in its library " + one.getKey()
                                + ": remove the one there (FUNCTION DELETE " + other.getKey()
                                + "), or leave functions out (functions=false)";
                    }
                }
            }
        }
        return null;
    }

    /** An error for a server that refuses a command about functions. */
    public static RedisException refusal(String side, RedisConnection server, String command, @Nullable Object reply) {
        if (!(reply instanceof ErrorReply error)) {
            return RedisException.permanentError(
                    side + " " + server.address() + " answered " + command + " by something other than functions.");
        }
        if (error.isTransient()) {
            return RedisException.transientError(server.address() + " said: " + error.text(), null);
        }
        // an unknown command is reported with its arguments, of which one may be the payload
        int arguments = error.text().indexOf(ARGUMENTS);
        String said = arguments < 0 ? error.text() : error.text().substring(0, arguments);
        return RedisException.permanentError(side + " " + server.address() + " answered " + command + " by: " + said
                + (error.deniesCommand() || said.contains("unknown")
                        ? ". Functions are there from Redis 7.0 on, and a user needs +function; or leave them out"
                                + " (functions=false)."
                        : ". Mend it there, or leave functions out (functions=false)."));
    }
}
