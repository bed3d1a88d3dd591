package io.camelrump.cutover;

import io.camelrump.FinalCompare;
import io.camelrump.ReadFrom;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.needs.Intent;
import io.camelrump.needs.RequiredRights;
import io.camelrump.options.CutoverOptions;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.OptionSet;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The needs of a live run, by the options of its endpoints. */
public record RunNeeds(OptionSet source, OptionSet target) {

    /**
     * Requires what the cutover of a run that is under way cannot do without.
     *
     * @throws RedisException a permanent one if a user lacks rights, or if a pause would stop both sides
     */
    public void requireForCutover(OpenServers from, OpenServers to) throws IOException {
        String runId = from.info(0).runId();
        if (source.cutover().getPauseWrites() != null
                && runId != null
                && runId.equals(to.info(0).runId())) {
            throw RedisException.permanentError("pauseWrites (--pause-writes) would hold up the copy too: "
                    + from.addresses().get(0) + " and " + to.addresses().get(0) + " are one server.");
        }
        RequiredRights.require(from, to, ofCutover());
    }

    private Intent ofCutover() {
        SelectionOptions selection = source.selection();
        MappingOptions mapping = source.mapping();
        TargetOptions writing = target.target();
        int database = source.server().getDatabase();
        DatabaseMapping selected = DatabaseMapping.of(database, mapping.getDb(), mapping.getMapDb());
        return new Intent(
                database,
                target.server().getDatabase(),
                selection.getMatch().equals("*") ? null : selection.getMatch(),
                selection.types(),
                writing.getOnConflict(),
                writing.getWaitReplicas(),
                writing.isDropFieldTtl(),
                new Intent.Selected(
                        "all".equals(mapping.getDb()),
                        mapping.getDb() == null ? List.of() : selected.numbers(),
                        selected.moves()),
                needs());
    }

    private Set<Intent.Need> needs() {
        SourceOptions reading = source.source();
        CutoverOptions cutover = source.cutover();
        Set<Intent.Need> needs = EnumSet.of(Intent.Need.UNDER_WAY, Intent.Need.COPYING, Intent.Need.CHANGES);
        boolean compares = cutover.getFinalCompare() != FinalCompare.NONE;
        add(needs, Intent.Need.COMPARING, compares);
        add(needs, Intent.Need.REPAIRING, compares);
        add(needs, Intent.Need.READING_REPLICAS, reading.getReadFrom() == ReadFrom.REPLICA);
        add(needs, Intent.Need.FUNCTIONS, reading.isFunctions());
        add(needs, Intent.Need.USAGE, reading.isCarryIdle());
        add(needs, Intent.Need.RENAMING, source.mapping().getRename() != null);
        add(needs, Intent.Need.BIG_KEYS, !"off".equals(source.bigKeys().getBigKey()));
        add(needs, Intent.Need.PRUNING, target.target().isPrune());
        add(needs, Intent.Need.PAUSE, cutover.getPauseWrites() != null);
        add(needs, Intent.Need.CLOSING_WAITING, cutover.isFailWaitingWrites());
        return needs;
    }

    private static void add(Set<Intent.Need> needs, Intent.Need need, boolean is) {
        if (is) {
            needs.add(need);
        }
    }
}
