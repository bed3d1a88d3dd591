package io.camelrump.cli.flags;

import io.camelrump.files.FileAddress.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Flags that have no effect, or no meaning, where one side of a run is a file. */
public final class FileFlags {
    private static final String SERVER = "a file is no server";
    private static final String LATER = "give it where the file is restored";
    private static final String AGAIN = "a file is read from its beginning each time";
    private static final String WHOLE = "a file is written whole, from the start of a scan";

    /** By the beginning of a flag's name. */
    private static final Map<String, String> WITH_TARGET = new LinkedHashMap<>();

    private static final Map<String, String> WITH_SOURCE = new LinkedHashMap<>();

    private static final Map<String, String> WITH_EITHER = new LinkedHashMap<>();

    static {
        WITH_TARGET.put("--to-", SERVER);
        WITH_TARGET.put("--wait-replicas", SERVER);
        WITH_TARGET.put("--drop-", LATER);
        WITH_TARGET.put("--checkpoint", WHOLE);
        WITH_TARGET.put("--resume", WHOLE);
        WITH_TARGET.put("--restart-scan", WHOLE);
        WITH_TARGET.put("--repair", "a file that was written is not changed any more");
        WITH_TARGET.put("--prune", "a file holds no other keys");
        WITH_SOURCE.put("--from-", SERVER);
        WITH_SOURCE.put("--read-from", SERVER);
        WITH_SOURCE.put("--checkpoint", AGAIN);
        WITH_SOURCE.put("--resume", AGAIN);
        WITH_SOURCE.put("--restart-scan", AGAIN);
        WITH_SOURCE.put("--keys-from", "--include-key and --include-regex name keys of a file");
        WITH_SOURCE.put("--repair", "restore the file, which replaces what differs");
        WITH_SOURCE.put("--prune", "only a server is sure to be all that there should be");
        WITH_SOURCE.put("--shard", "a file is read by one run");
        WITH_EITHER.put("--live", "changes are followed from server to server");
        WITH_EITHER.put("--functions", "a file holds keys alone");
    }

    private FileFlags() {}

    /** Why a run between these sides cannot be made with the flags that were given; null if it can. */
    public static @Nullable String objection(CommandSpec spec, Address from, Address to) {
        for (OptionSpec option : spec.options()) {
            String flag = option.longestName();
            if (option.stringValues().isEmpty() || option.stringValues().contains("false")) {
                continue;
            }
            String objection = to.isFile() ? reason(WITH_TARGET, flag) : null;
            if (objection == null && from.isFile()) {
                objection = reason(WITH_SOURCE, flag);
            }
            if (objection == null && (from.isFile() || to.isFile())) {
                objection = reason(WITH_EITHER, flag);
            }
            if (objection != null) {
                return flag + " has no place where " + (to.isFile() ? "--to" : "--from") + " names a file: "
                        + objection;
            }
        }
        return ofForm(spec, to);
    }

    private static @Nullable String reason(Map<String, String> reasons, String flag) {
        return reasons.entrySet().stream()
                .filter(entry -> flag.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String ofForm(CommandSpec spec, Address to) {
        if (!(to instanceof FileUri written)) {
            return isGiven(spec, "--overwrite", "true")
                    ? "--overwrite is about a file: --to names a server, where --on-conflict says what becomes of keys"
                    : null;
        }
        Form form = written.file().form();
        if (form == Form.RESP && isGiven(spec, "--verify", "true")) {
            return "--verify cannot read commands back: load them into a server, and compare that by rump compare";
        }
        if (form != Form.RESP
                && !spec.findOption("--on-conflict").stringValues().isEmpty()) {
            return "--on-conflict is about keys that a server has: " + LATER + ", or add --overwrite to replace the"
                    + " file";
        }
        return form == Form.RUMP && isGiven(spec, "--ttl", "false")
                ? "--ttl=false has no place where --to names a file: " + LATER
                : null;
    }

    private static boolean isGiven(CommandSpec spec, String flag, String value) {
        return spec.findOption(flag).stringValues().contains(value);
    }
}
