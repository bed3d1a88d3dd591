package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Which types and encodings of the source the target takes: a few payloads are shown to it, and none is kept. */
final class PayloadCheck {
    private static final String NOWHERE = "rump:tmp:" + UUID.randomUUID();

    private final Side source;
    private final Side target;
    private final Intent intent;
    private final Set<String> taken = new TreeSet<>();
    private final Map<String, ErrorReply> refused = new TreeMap<>();
    private final Map<String, Boolean> modules = new TreeMap<>();

    PayloadCheck(Side source, Side target, Intent intent) {
        this.source = source;
        this.target = target;
        this.intent = intent;
    }

    /** @param more payloads of the source that are at hand */
    List<Finding> findings(Collection<byte[]> more) throws IOException {
        PayloadSample sample = new PayloadSample(source.connection(), intent);
        PayloadProbe probe = PayloadProbe.of(target.connection(), target.info());
        int left = PayloadSample.MOST_BYTES * 16;
        Set<ByteBuffer> keys = sample.keys();
        for (ByteBuffer key : sample.small(keys)) {
            byte[] payload = left > 0 ? sample.read(key) : null;
            if (payload != null) {
                left -= payload.length;
                show(payload, probe);
            }
        }
        for (byte[] payload : more) {
            show(payload, probe);
        }
        List<Finding> findings = findings(sample);
        findings.addAll(new KeyPatternCheck(target, intent).findings(keys));
        return findings;
    }

    /** Whether the target took the values that were shown to it, by type of a module. */
    Map<String, Boolean> modules() {
        return modules;
    }

    private void show(byte[] payload, PayloadProbe probe) throws IOException {
        ErrorReply error = probe.refusal(payload);
        if (error != null && !error.refusesWrites()) {
            ErrorText.definitive(target.connection().address(), "RESTORE", error);
        }
        if (PayloadKind.isModule(payload)) {
            modules.merge(PayloadKind.moduleType(payload), error == null, Boolean::logicalAnd);
        }
        if (error == null) {
            taken.add(PayloadKind.of(payload));
        } else {
            refused.putIfAbsent(PayloadKind.of(payload), error);
        }
    }

    private List<Finding> findings(PayloadSample sample) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (sample.denied() > 0) {
            findings.add(Finding.no(
                    "source key patterns",
                    "the user may not read " + sample.denied() + " of the keys tried",
                    "add the rule ~*, or name what it may read with --match"));
        }
        boolean streams = target.knows("XLEN", NOWHERE);
        boolean expiringFields = intent.dropFieldTtl() || target.knows("HPEXPIRETIME", NOWHERE, "FIELDS", "1", "f");
        refused.forEach((kind, error) -> findings.add(finding(kind, error, streams, expiringFields)));
        if (!taken.isEmpty()) {
            findings.add(Finding.yes("payloads", "the target takes " + String.join("; ", taken)));
        } else if (refused.isEmpty()) {
            findings.add(Finding.note("payloads", "no key could be tried", ""));
        }
        return findings;
    }

    static Finding finding(String kind, ErrorReply error, boolean streams, boolean expiringFields) {
        String name = "payload " + kind;
        if (error.isTransient()) {
            return Finding.no(name, error.text(), "the target refuses writes now: resolve that first");
        }
        if (error.deniesCommand()) {
            return Finding.no(name, error.text(), "add the rule +restore");
        }
        if (kind.startsWith("module") || kind.startsWith("unknown")) {
            return Finding.no(name, error.text(), "take a target with the same module and version");
        }
        if (kind.startsWith("stream") && !streams) {
            return Finding.no(name, "the target has no streams", "take a target from Redis 5.0 on");
        }
        if (kind.startsWith("hash with expiring fields") && !expiringFields) {
            return Finding.no(
                    name,
                    "the target has no fields that expire",
                    "take a target from Redis 7.4 or Valkey 9 on, or --drop-field-ttl");
        }
        return Finding.yes(name, "is rebuilt by the commands of its type, as the target does not take it");
    }
}
