package io.camelrump.cli;

import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Facts that the documents of a run state beside its end: the flags that were given, and the servers that took part.
 */
final class RunFacts {
    static final String SERVERS = "servers";
    static final String FLAGS = "flags";

    /** Addresses may hold passwords, and stand in the document without them. */
    private static final Set<String> ADDRESSES = Set.of("--from", "--to");
    /** A command may hold what only its author knows to be a secret. */
    private static final Set<String> HIDDEN = Set.of("--on-cutover");

    private final List<Map<String, Object>> flags;
    private @Nullable Map<String, Object> servers;

    private RunFacts(List<Map<String, Object>> flags) {
        this.flags = flags;
    }

    /** The flags of a call that was understood. */
    static RunFacts of(CommandSpec spec) {
        List<Map<String, Object>> given = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            String name = option.longestName();
            if (!ADDRESSES.contains(name)) {
                option.stringValues().forEach(value -> given.add(flag(name, value)));
            }
        }
        return new RunFacts(given);
    }

    private static Map<String, Object> flag(String name, String value) {
        Map<String, Object> flag = new LinkedHashMap<>();
        flag.put("name", name);
        flag.put("value", HIDDEN.contains(name) ? "(not shown)" : value);
        return flag;
    }

    /** Asks both sides who they are, unless they have said so already. */
    void meet(BothSides sides) {
        Map<String, Object> met = new LinkedHashMap<>();
        met.put("source", servers(sides::sourceOrNamed));
        met.put("target", servers(sides::targetOrNamed));
        servers = met;
    }

    private static List<Map<String, Object>> servers(Supplier<OpenServers> side) {
        List<Map<String, Object>> met = new ArrayList<>();
        try {
            OpenServers open = side.get();
            for (int i = 0; i < open.addresses().size(); i++) {
                ServerInfo info = open.info(i);
                Map<String, Object> server = new LinkedHashMap<>();
                server.put("address", open.addresses().get(i).withDatabase(0).toString());
                server.put("version", info.isHidden() ? null : info.version());
                server.put("mode", info.isCluster() ? "cluster" : info.isHidden() ? null : "standalone");
                met.add(server);
            }
        } catch (IOException | RedisException e) {
            // one that does not answer is met by the run itself, which says why
        }
        return met;
    }

    /** Puts them into a document, which has their fields. */
    Map<String, Object> in(Map<String, Object> content) {
        content.put(SERVERS, servers);
        content.put(FLAGS, flags);
        return content;
    }
}
