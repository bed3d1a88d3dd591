package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ShownText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a way back would meet: rights that are needed in the other direction, and values that the former source cannot
 * take. Writes nothing to either server.
 */
public final class WayBackCheck {
    private static final String NAME = "way back";
    private static final String NOWHERE = "rump:tmp:nowhere";
    private static final int NAMES_SHOWN = 5;

    /** Values that only a newer server has, and the command by which it is known. */
    private enum Feature {
        FIELD_EXPIRY(
                "hashes whose fields expire",
                "do not use them before you release the way back, or add --drop-field-ttl",
                List.of("HPEXPIRETIME", NOWHERE, "FIELDS", "1", "f")),
        PRODUCER_IDS(
                "streams with producers' message ids (IDMP)",
                "do not use them before you release the way back, or add --drop-idmp",
                List.of("XCFGSET", NOWHERE, "IDMP-DURATION", "100")),
        VECTOR_SETS("vector sets", "do not use them before you release the way back", List.of("VCARD", NOWHERE)),
        STREAMS("streams", "do not use them before you release the way back", List.of("XLEN", NOWHERE));

        private final String values;
        private final String advice;
        private final String[] command;

        Feature(String values, String advice, List<String> command) {
            this.values = values;
            this.advice = advice;
            this.command = command.toArray(String[]::new);
        }

        boolean isGivenUp(Intent intent) {
            return this == FIELD_EXPIRY && intent.dropFieldTtl();
        }
    }

    private final Side fresh;
    private final Side former;
    private final Intent intent;

    private WayBackCheck(Side fresh, Side former, Intent intent) {
        this.fresh = fresh;
        this.former = former;
        this.intent = intent;
    }

    /**
     * Findings about each need of a way back.
     *
     * @param from the target of the migration
     * @param to its source
     * @param intent of the run that leads back
     * @param underWay whether the migration has begun
     * @throws io.camelrump.redis.RedisException if one of the servers cannot be reached, or refuses the log-in
     */
    public static List<Finding> run(ServerAddress from, ServerAddress to, Intent intent, boolean underWay) {
        try {
            Side fresh = Side.of(NAME + " source", from, intent.sourceDatabase());
            try {
                Side former = Side.of(NAME + " target", to, intent.targetDatabase());
                try {
                    return new WayBackCheck(fresh, former, intent).findings(underWay);
                } finally {
                    former.connection().close();
                }
            } finally {
                fresh.connection().close();
            }
        } catch (IOException e) {
            throw ErrorText.failure(from, e);
        }
    }

    private List<Finding> findings(boolean underWay) throws IOException {
        List<Finding> findings = new ArrayList<>();
        long keys = underWay || !fresh.hasDatabase() ? 0 : fresh.connection().databaseSize();
        if (keys > 0) {
            findings.add(Finding.no(
                    NAME,
                    "the target holds " + keys + " keys, which would be taken for the source's",
                    "empty it first; add --resume if they are those of a migration that has begun"));
        }
        findings.add(tracking(fresh, "changes of the new server cannot be followed"));
        findings.add(tracking(former, "what others write at the former source cannot be known"));
        findings.addAll(new PermissionCheck(fresh, former, intent).findings());
        for (Feature feature : Feature.values()) {
            if (fresh.knows(feature.command) && !former.knows(feature.command) && !feature.isGivenUp(intent)) {
                findings.add(Finding.note(
                        NAME + ": " + feature.values,
                        "the former source does not have them: such keys would be refused, and counted",
                        feature.advice));
            }
        }
        modules(findings);
        if (fresh.hasDatabase() && former.hasDatabase()) {
            findings.addAll(values());
        }
        return findings;
    }

    private static Finding tracking(Side side, String without) throws IOException {
        String name = side.name() + " tracking";
        return side.knows("CLIENT", "TRACKINGINFO")
                ? Finding.yes(name, "change notifications are there")
                : Finding.no(name, without, "take servers from Redis 6.2 on, or leave --way-back out");
    }

    private void modules(List<Finding> findings) throws IOException {
        Set<String> lacking = ModuleValues.names(fresh);
        lacking.removeAll(ModuleValues.names(former));
        if (!lacking.isEmpty()) {
            findings.add(Finding.note(
                    NAME + ": modules",
                    "the former source lacks " + String.join(", ", lacking)
                            + ": keys of their types would be refused, and counted",
                    "do not use them before you release the way back"));
        }
    }

    /** Values that the new server holds already: there are none before the migration. */
    private List<Finding> values() throws IOException {
        PayloadSample sample = new PayloadSample(fresh.connection(), intent);
        PayloadProbe probe = PayloadProbe.of(former.connection(), former.info());
        boolean expiringFields = intent.dropFieldTtl() || former.knows(Feature.FIELD_EXPIRY.command);
        boolean streams = former.knows(Feature.STREAMS.command);
        Map<String, List<ByteBuffer>> refused = new TreeMap<>();
        Map<String, ErrorReply> reasons = new TreeMap<>();
        int tried = 0;
        for (ByteBuffer key : sample.small(sample.keys())) {
            byte[] payload = sample.read(key);
            ErrorReply error = payload == null ? null : probe.refusal(payload);
            tried += payload == null ? 0 : 1;
            if (error != null) {
                refused.computeIfAbsent(PayloadKind.of(payload), kind -> new ArrayList<>())
                        .add(key);
                reasons.putIfAbsent(PayloadKind.of(payload), error);
            }
        }
        List<Finding> findings = new ArrayList<>();
        refused.forEach((kind, keys) -> {
            Finding finding = PayloadCheck.finding(kind, reasons.get(kind), streams, expiringFields);
            if (finding.verdict() == Finding.Verdict.NO) {
                findings.add(Finding.no(
                        NAME + ": " + kind,
                        finding.found() + ", as of " + names(keys),
                        "these keys would not be led back: delete them, or release the way back"));
            }
        });
        if (findings.isEmpty()) {
            findings.add(Finding.yes(
                    NAME + ": values",
                    tried == 0
                            ? "the new server holds none yet"
                            : "the former source takes all of " + tried + " tried"));
        }
        return findings;
    }

    private static String names(List<ByteBuffer> keys) {
        String shown = keys.stream()
                .limit(NAMES_SHOWN)
                .map(key -> ShownText.of(key.array()))
                .collect(Collectors.joining(", "));
        return keys.size() > NAMES_SHOWN ? shown + " and " + (keys.size() - NAMES_SHOWN) + " more" : shown;
    }
}
