package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.DatabaseSelection;
import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.CheckpointPlace;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.needs.Intent;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads from the flags of a run what a check has to know of it. */
final class RunIntent {
    private RunIntent() {}

    /**
     * Intent of a migration.
     *
     * @param more needs that its flags do not name
     */
    static Intent of(RunPlan plan, Set<Intent.Need> more) {
        boolean live = plan.live() != null;
        Set<Intent.Need> needs = needs(plan);
        needs.addAll(more);
        needs.add(Intent.Need.COPYING);
        add(needs, Intent.Need.CHANGES, live);
        add(needs, Intent.Need.PAUSE, live && plan.live().pauseWrites() != null);
        add(needs, Intent.Need.CLOSING_WAITING, live && plan.live().failsWaiting());
        CheckpointPlace checkpoint = plan.checkpointPlace();
        add(needs, Intent.Need.CHECKPOINT_AT_TARGET, checkpoint != null && checkpoint.nameAtTarget() != null);
        add(needs, Intent.Need.DRY_RUN, plan.isDryRun());
        return withNeeds(plan, needs);
    }

    /** Intent of a comparison by itself. */
    static Intent ofComparison(RunPlan plan) {
        Set<Intent.Need> needs = needs(plan);
        needs.add(Intent.Need.COMPARING);
        add(needs, Intent.Need.COPYING, needs.contains(Intent.Need.REPAIRING));
        return withNeeds(plan, needs);
    }

    private static Set<Intent.Need> needs(RunPlan plan) {
        Map<String, String> properties = plan.properties();
        boolean live = plan.live() != null;
        boolean repairs = isSet(properties, RouteProperties.ALL + "repair");
        boolean prunes = isSet(properties, RouteProperties.ALL + "prune");
        Set<Intent.Need> needs = EnumSet.noneOf(Intent.Need.class);
        add(
                needs,
                Intent.Need.READING_REPLICAS,
                "REPLICA".equalsIgnoreCase(properties.get(RouteProperties.SOURCE + "read-from")));
        add(needs, Intent.Need.FUNCTIONS, isSet(properties, RouteProperties.SOURCE + "functions"));
        add(needs, Intent.Need.USAGE, isSet(properties, RouteProperties.SOURCE + "carry-idle"));
        add(needs, Intent.Need.RENAMING, properties.containsKey(RouteProperties.ALL + "rename"));
        add(needs, Intent.Need.BIG_KEYS, !"off".equals(properties.get(RouteProperties.ALL + "big-key")));
        add(needs, Intent.Need.COMPARING, repairs || prunes || live);
        add(needs, Intent.Need.REPAIRING, repairs || live);
        add(needs, Intent.Need.PRUNING, prunes);
        return needs;
    }

    private static Intent withNeeds(RunPlan plan, Set<Intent.Need> needs) {
        Map<String, String> properties = plan.properties();
        return new Intent(
                database(plan.from()),
                database(plan.to()),
                properties.get(RouteProperties.ALL + "match"),
                types(properties.getOrDefault(RouteProperties.ALL + "type", "all")),
                ConflictPolicy.valueOf(properties.getOrDefault(RouteProperties.ALL + "on-conflict", "REPLACE")),
                Integer.parseInt(properties.getOrDefault(RouteProperties.ALL + "wait-replicas", "0")),
                isSet(properties, RouteProperties.ALL + "drop-field-ttl"),
                databases(plan),
                needs);
    }

    private static boolean isSet(Map<String, String> properties, String name) {
        return "true".equals(properties.get(name));
    }

    private static Intent.Selected databases(RunPlan plan) {
        String db = plan.properties().get(RouteProperties.ALL + "db");
        DatabaseSelection selected = DatabaseSelection.by(
                database(plan.from()), db, plan.properties().get(RouteProperties.ALL + "map-db"));
        return new Intent.Selected("all".equals(db), db == null ? List.of() : selected.numbers(), selected.moves());
    }

    private static void add(Set<Intent.Need> needs, Intent.Need need, boolean is) {
        if (is) {
            needs.add(need);
        }
    }

    private static Set<String> types(String text) {
        return text.equals("all") ? Set.of() : Set.of(text.split(","));
    }

    private static int database(Address side) {
        return side.database() == null ? 0 : side.database();
    }
}
