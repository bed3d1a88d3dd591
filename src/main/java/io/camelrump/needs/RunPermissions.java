package io.camelrump.needs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Commands that a run sends to both sides, by what it is meant to do, and what it does without those it can lack. */
public final class RunPermissions {
    /** Marks a command that the run cannot do without. */
    private static final String NEEDED = "";

    private static final String NO_CLOCK = "both clocks are assumed to be right";
    private static final String NO_INFO = "restarts are recognised only by the keys, evictions not at all";
    private static final String NO_VALUES =
            "keys above --big-key, and those whose payload the target's version does not take, are refused";
    private static final String NO_SNAPSHOT =
            "a value that goes in parts and changes meanwhile is noticed by its type, expiry and number of elements"
                    + " alone: one whose elements are replaced may arrive mixed";
    private static final String NO_COMPARISON =
            "values that differ in their payloads alone cannot be told from equal ones";
    private static final String NO_FIRST_LOOK = "addresses that were swapped are not noticed";
    private static final String NO_SIZE = "no percentage is shown, and every target counts as one that held keys";

    private static final String NO_WATCHERS =
            "sentinels that watch the source are not noticed, and may fail over in a pause";
    private static final String NO_UNPAUSE = "a pause of the source's writes is not lifted when a cutover fails";

    private static final String NO_FOREIGN_WRITES =
            "what others write at the target meanwhile is found only where all keys are compared";

    private static final String NO_CLIENT = Long.toString(Long.MAX_VALUE);

    private final Side source;
    private final Side target;
    private final Intent intent;
    private final boolean neededAlone;

    private RunPermissions(Side source, Side target, Intent intent, boolean neededAlone) {
        this.source = source;
        this.target = target;
        this.intent = intent;
        this.neededAlone = neededAlone;
    }

    /** All commands that the run sends, on these servers. */
    public static RunPermissions all(Side source, Side target, Intent intent) {
        return new RunPermissions(source, target, intent, false);
    }

    /** At least those that it cannot do without; only what it needs anyway is asked of the servers meanwhile. */
    static RunPermissions needed(Side source, Side target, Intent intent) {
        return new RunPermissions(source, target, intent, true);
    }

    /** Commands that the source is sent. */
    public List<Permission> ofSource() throws IOException {
        List<Permission> rules = new ArrayList<>();
        // a user of the replicas is met by the first reading
        if (!neededAlone || !intent.needs(Intent.Need.READING_REPLICAS)) {
            rules.add(Permission.needed("scan", "SCAN", "0", "COUNT", "1"));
            rules.add(Permission.needed("dump", "DUMP", ""));
            rules.add(Permission.needed("pttl", "PTTL", ""));
        }
        common(rules, source);
        if (source.info().isCluster()) {
            readingNodes(rules);
            if (intent.needs(Intent.Need.COMPARING) || intent.needs(Intent.Need.PAUSE)) {
                rules.add(Permission.needed("cluster|slots", "CLUSTER", "SLOTS"));
            }
        }
        if (intent.needs(Intent.Need.FUNCTIONS)) {
            rules.add(Permission.needed("function", "FUNCTION", "DUMP"));
        }
        if (intent.needs(Intent.Need.USAGE)) {
            rules.add(Permission.needed("object", "OBJECT", "IDLETIME", ""));
        }
        watching(rules);
        if (!neededAlone) {
            reading(rules);
        }
        if (intent.needs(Intent.Need.FIRST_LOOK)) {
            rules.add(Permission.wanted("exists", NO_FIRST_LOOK, "EXISTS", ""));
        }
        readingElements(rules, source, "");
        return rules;
    }

    private void watching(List<Permission> rules) throws IOException {
        if (intent.needs(Intent.Need.CHANGES)) {
            String scans = "changes are found by repeated scans";
            // by which a report is known to be the last one
            rules.add(Permission.needed("ping", "PING"));
            rules.add(Permission.wanted("client|tracking", scans, "CLIENT", "TRACKING", "OFF"));
            rules.add(Permission.wanted("client|trackinginfo", scans, "CLIENT", "TRACKINGINFO"));
        }
        if (intent.needs(Intent.Need.PAUSE)) {
            // so short, and of writes alone, that a pause of somebody else's stays as it is
            rules.add(Permission.needed(Permission.PAUSE, "CLIENT", "PAUSE", "0", "WRITE"));
            rules.add(Permission.wanted("pubsub", NO_WATCHERS, "PUBSUB", "NUMSUB", "__sentinel__:hello"));
            rules.add(Permission.wanted("client|unpause", NO_UNPAUSE, "CLIENT", "UNPAUSE")
                    .asWrite());
        }
        if (intent.needs(Intent.Need.CLOSING_WAITING)) {
            // there are few masters among the clients, and no client of that number
            rules.add(Permission.needed("client|list", "CLIENT", "LIST", "TYPE", "master"));
            rules.add(Permission.needed("client|kill", "CLIENT", "KILL", "ID", NO_CLIENT));
        }
        if (intent.needs(Intent.Need.RENAMING)
                || intent.needs(Intent.Need.CHANGES)
                || intent.asksTypes(source.connection())) {
            rules.add(Permission.needed("type", "TYPE", ""));
        }
    }

    private void reading(List<Permission> rules) throws IOException {
        if (source.knows("PEXPIRETIME", "")) {
            rules.add(Permission.wanted("pexpiretime", "expiries are read with PTTL and TIME", "PEXPIRETIME", ""));
        }
        if (source.knows("MEMORY", "USAGE", "")) {
            rules.add(Permission.wanted(
                    "memory", "keys above --big-key are dumped like all others", "MEMORY", "USAGE", ""));
        }
        if (source.info().takesNoTouch()) {
            rules.add(Permission.wanted(
                    "client|no-touch",
                    "keys that are read look freshly used at the source",
                    "CLIENT",
                    "NO-TOUCH",
                    "ON"));
        }
        if (mayGoByCommands()) {
            rules.addAll(new ValueCommands(source, "", NO_VALUES).reading().rules());
            rules.addAll(new ValueCommands(source, "", NO_SNAPSHOT).watching().rules());
        }
    }

    private static void readingNodes(List<Permission> rules) {
        rules.add(Permission.needed("cluster|nodes", "CLUSTER", "NODES"));
        rules.add(Permission.needed("readonly", "READONLY"));
    }

    /** Commands that the target is sent. */
    public List<Permission> ofTarget() throws IOException {
        String nowhere = "rump:tmp:" + UUID.randomUUID();
        List<Permission> rules = new ArrayList<>();
        if (intent.needs(Intent.Need.COPYING)) {
            // an empty payload is refused after the user's rights were looked at
            rules.add(Permission.needed("restore", "RESTORE", nowhere, "0", ""));
        }
        common(rules, target);
        if (target.info().isCluster()) {
            rules.add(Permission.needed("cluster|slots", "CLUSTER", "SLOTS"));
            if (!neededAlone) {
                // for keys whose slot is migrating
                rules.add(Permission.needed("asking", "ASKING"));
            }
            if (intent.needs(Intent.Need.COMPARING)) {
                readingNodes(rules);
            }
        }
        if (intent.needs(Intent.Need.FUNCTIONS)) {
            rules.add(Permission.needed("function", "FUNCTION", "STATS"));
        }
        following(rules, nowhere);
        resolvingConflicts(rules, nowhere);
        if (intent.needs(Intent.Need.PRUNING)) {
            rules.add(deletion(nowhere));
        }
        keepingCheckpoint(rules, nowhere);
        if (intent.needs(Intent.Need.FIRST_LOOK)) {
            rules.add(Permission.wanted("randomkey", NO_FIRST_LOOK, "RANDOMKEY"));
        }
        if (intent.waitReplicas() > 0) {
            rules.add(Permission.needed("wait", "WAIT", "0", "1"));
        }
        if (!neededAlone && mayGoByCommands()) {
            writingParts(rules, nowhere);
        }
        comparing(rules, nowhere);
        return rules;
    }

    private void writingParts(List<Permission> rules, String nowhere) throws IOException {
        rules.addAll(new ValueCommands(target, nowhere, NO_VALUES)
                .writing(intent.comparesConflicts())
                .rules());
        String deletion = deletion(nowhere).rule();
        rules.add(Permission.wanted(deletion, NO_VALUES, deletion, nowhere).asWrite());
    }

    private void following(List<Permission> rules, String nowhere) throws IOException {
        if (intent.needs(Intent.Need.CHANGES)) {
            rules.add(Permission.needed("scan", "SCAN", "0", "COUNT", "1"));
        }
        if (intent.needs(Intent.Need.CHANGES) && !neededAlone) {
            rules.add(Permission.wanted("client|tracking", NO_FOREIGN_WRITES, "CLIENT", "TRACKING", "OFF"));
            rules.add(Permission.wanted("client|id", NO_FOREIGN_WRITES, "CLIENT", "ID"));
        }
        if (intent.needs(Intent.Need.CHANGES) && !intent.comparesConflicts()) {
            rules.add(deletion(nowhere));
        }
        if (intent.needs(Intent.Need.CHANGES) && !intent.needs(Intent.Need.PRUNING) && mayHoldKeys()) {
            // keys that are gone at the source and may be the target's own
            rules.add(Permission.needed("exists", "EXISTS", nowhere));
        }
    }

    private void resolvingConflicts(List<Permission> rules, String nowhere) throws IOException {
        if (intent.comparesConflicts()) {
            rules.add(Permission.needed("dump", "DUMP", nowhere));
            rules.add(
                    target.knows("PEXPIRETIME", nowhere)
                            ? Permission.needed("pexpiretime", "PEXPIRETIME", nowhere)
                                    .or("PTTL", nowhere)
                            : Permission.needed("pttl", "PTTL", nowhere));
        }
        if (intent.comparesConflicts() && !intent.needs(Intent.Need.DRY_RUN)) {
            rules.add(deletion(nowhere));
        }
        if (intent.comparesConflicts() && intent.needs(Intent.Need.DRY_RUN)) {
            rules.add(Permission.needed("exists", "EXISTS", nowhere));
        }
    }

    private void keepingCheckpoint(List<Permission> rules, String nowhere) {
        if (intent.needs(Intent.Need.CHECKPOINT_AT_TARGET)) {
            rules.add(Permission.needed("get", "GET", nowhere));
            // only a key that is there would be set, and there is none
            rules.add(Permission.needed("set", "SET", nowhere, "", "XX"));
            rules.add(Permission.needed("pexpire", "PEXPIRE", nowhere, "1"));
            rules.add(Permission.needed("del", "DEL", nowhere));
        }
    }

    private void comparing(List<Permission> rules, String nowhere) throws IOException {
        if (intent.needs(Intent.Need.COMPARING)) {
            rules.add(Permission.needed("scan", "SCAN", "0", "COUNT", "1"));
            rules.add(Permission.needed("dump", "DUMP", nowhere));
            rules.add(Permission.needed("pttl", "PTTL", nowhere));
        }
        if (intent.needs(Intent.Need.COMPARING) && !neededAlone) {
            if (target.info().takesNoTouch()) {
                rules.add(Permission.wanted(
                        "client|no-touch",
                        "keys that are compared look freshly used at the target",
                        "CLIENT",
                        "NO-TOUCH",
                        "ON"));
            }
            for (String[] words : new String[][] {{"PEXPIRETIME", nowhere}, {"MEMORY", "USAGE", nowhere}}) {
                if (target.knows(words)) {
                    rules.add(Permission.wanted(
                            words[0].toLowerCase(Locale.ROOT), "the comparison costs the target more", words));
                }
            }
        }
        readingElements(rules, target, nowhere);
    }

    /**
     * Commands by which a comparison tells values apart that differ in their payloads. One by itself may end without
     * them; one that follows a copy may not, as its end would come after all keys were written.
     */
    private void readingElements(List<Permission> rules, Side side, String key) throws IOException {
        boolean needed = intent.needs(Intent.Need.COPYING);
        if (intent.needs(Intent.Need.COMPARING) && (needed || !neededAlone)) {
            ValueCommands commands = new ValueCommands(side, key, needed ? NEEDED : NO_COMPARISON).comparing();
            // a run whose server holds no vector sets leaves no denial in ACL LOG
            rules.addAll((neededAlone ? commands : commands.comparingVectors()).rules());
        }
    }

    private boolean mayHoldKeys() throws IOException {
        return !intent.needs(Intent.Need.UNDER_WAY) && target.connection().databaseSize() != 0;
    }

    /** There is no such key, so nothing is deleted. */
    private Permission deletion(String nowhere) throws IOException {
        return target.knows("UNLINK")
                ? Permission.needed("unlink", "UNLINK", nowhere).or("DEL", nowhere)
                : Permission.needed("del", "DEL", nowhere);
    }

    /** Whether a value may have to go without its payload: as it is big, or as the target is of another version. */
    private boolean mayGoByCommands() {
        boolean known = !source.info().isHidden() && !target.info().isHidden();
        return intent.needs(Intent.Need.BIG_KEYS)
                || intent.needs(Intent.Need.REPAIRING)
                || known && !source.info().version().equals(target.info().version());
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
}
