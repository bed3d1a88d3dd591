package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks two servers whether they are ready for a run. Writes nothing to either. */
public final class Check {
    private Check() {}

    /**
     * Findings about each need of a run.
     *
     * @throws io.camelrump.redis.RedisException if one of the servers cannot be reached, or refuses the log-in
     */
    public static List<Finding> run(ServerAddress from, ServerAddress to, Intent intent) {
        Side source = open("source", from, intent.sourceDatabase());
        try {
            Side target = open("target", to, intent.targetDatabase());
            try {
                return findings(source, target, intent);
            } finally {
                target.connection().close();
            }
        } finally {
            source.connection().close();
        }
    }

    private static Side open(String name, ServerAddress address, int database) {
        try {
            return Side.of(name, address, database);
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        }
    }

    private static List<Finding> findings(Side source, Side target, Intent intent) {
        try {
            List<Finding> findings = new ArrayList<>(new ServerCheck(source, target, intent).findings());
            findings.addAll(new DatabaseCheck(source, target, intent).findings());
            findings.addAll(new PermissionCheck(source, target, intent).findings());
            Map<String, Boolean> modules = Map.of();
            if (source.hasDatabase() && target.hasDatabase()) {
                Estimate estimate = new Estimate(source, intent);
                List<Finding> costs = estimate.findings();
                List<byte[]> payloads = new ArrayList<>(estimate.payloads());
                payloads.addAll(new ModuleValues(source, intent).payloads());
                PayloadCheck payloadCheck = new PayloadCheck(source, target, intent);
                findings.addAll(payloadCheck.findings(payloads));
                modules = payloadCheck.modules();
                findings.addAll(new MemoryCheck(source, target).findings());
                findings.addAll(costs);
            }
            findings.addAll(new ModuleCheck(source, target, modules).findings());
            findings.addAll(new FunctionCheck(source, target, intent).findings());
            findings.addAll(new ClockCheck(source, target).findings());
            findings.addAll(new ChangeNotificationCheck(source).findings());
            return findings;
        } catch (IOException e) {
            throw ErrorText.failure(source.connection().address(), e);
        }
    }
}
