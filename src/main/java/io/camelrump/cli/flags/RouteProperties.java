package io.camelrump.cli.flags;

import io.camelrump.redis.Credential;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.PasswordFile;
import io.camelrump.text.OptionLines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * Properties for the routes: one for each flag that was given. Those of a server bear its name, and the others hold for
 * all endpoints, so that a person's own routes take them whatever their servers are called.
 */
public final class RouteProperties {
    public static final String SOURCE = "rump.source.";
    public static final String TARGET = "rump.target.";
    public static final String ALL = "camel.component.rump.";

    /** Text that a person has typed, in which Camel would find placeholders. */
    private static final Pattern FREE_TEXTS = Pattern.compile(
            "rump\\.(source|target)\\.((sentinel-)?(username|password(-file)?)|master-name|ca|cert|key|key-password|file)|"
                    + "camel\\.component\\.rump\\.(match|(include|exclude)-(key|regex)|keys-from|map-db|rename)");

    /** About copying, but not about the comparison after it. */
    private static final List<String> OF_MIGRATIONS = List.of(
            SOURCE + "live",
            SOURCE + "until-lag",
            SOURCE + "until-after",
            SOURCE + "cutover-file",
            SOURCE + "cutover-timeout",
            SOURCE + "pause-writes",
            SOURCE + "fail-waiting-writes",
            SOURCE + "final-compare",
            SOURCE + "checkpoint",
            SOURCE + "resume",
            SOURCE + "restart-scan",
            SOURCE + "carry-idle",
            ALL + "wait-replicas",
            ALL + "dry-run");

    /** About deleting at the target, which a migration does only if it is live. */
    private static final List<String> OF_DELETIONS = List.of(ALL + "prune", ALL + "allow-mass-delete");

    /** How fast a server is read, which holds for both sides of a comparison. */
    private static final List<String> OF_READING =
            List.of("scan-count", "max-keys-per-second", "max-bytes-per-second", "latency-guard");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Sets an option of the endpoints named source, unless it is null: then the endpoint's own default holds. */
    void source(String option, @Nullable Object value) {
        route(SOURCE + option, value);
    }

    void target(String option, @Nullable Object value) {
        route(TARGET + option, value);
    }

    /** Sets an option of all endpoints. */
    public void all(String option, @Nullable Object value) {
        route(ALL + option, value);
    }

    /** Sets several values of one option. */
    public void all(String option, @Nullable List<String> several) {
        all(option, several == null ? null : OptionLines.join(option, several));
    }

    /** Sets a property that the routes name. */
    void route(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value.toString());
        }
    }

    /**
     * Where keys come from or go to.
     *
     * @param prefix {@link #SOURCE} or {@link #TARGET}
     */
    public void side(String prefix, Address side) {
        if (side instanceof FileUri written) {
            route(prefix + "file", written.file());
        } else {
            server(prefix, side.redis());
        }
    }

    /**
     * Where a server is, and how to log in there.
     *
     * @param prefix {@link #SOURCE} or {@link #TARGET}
     */
    private void server(String prefix, RedisUri uri) {
        if (uri.sentinels() == null) {
            route(prefix + "host", uri.host());
            route(prefix + "port", uri.port());
        } else {
            route(prefix + "sentinels", uri.sentinels().places());
            route(prefix + "master-name", uri.sentinels().masterName());
            LogIn logIn = uri.sentinels().logIn();
            route(prefix + "sentinel-username", logIn.username().current(uri.server()));
            route(prefix + "sentinel-password", logIn.password().current(uri.server()));
            route(prefix + "sentinel-password-file", path(logIn.password()));
        }
        route(prefix + "database", uri.database());
        route(prefix + "username", uri.username());
        route(
                prefix + "password",
                uri.password() == null ? null : uri.password().text());
        route(
                prefix + "password-file",
                uri.password() == null ? null : path(uri.password().credential()));
        if (uri.tls() != null) {
            route(prefix + "tls", true);
            route(prefix + "ca", uri.tls().ca());
            route(prefix + "cert", uri.tls().cert());
            route(prefix + "key", uri.tls().key());
            route(prefix + "key-password", uri.tls().keyPassword());
            route(prefix + "sni", uri.tls().sni());
            route(prefix + "insecure", uri.tls().insecure() ? true : null);
        }
    }

    private static @Nullable Path path(Credential password) {
        return password instanceof PasswordFile file ? file.path() : null;
    }

    public Map<String, String> asMap() {
        return values;
    }

    /** Leaves out of all properties those that only a comparison has a use for. */
    public static Map<String, String> ofMigration(Map<String, String> given, boolean live) {
        Map<String, String> taken = new LinkedHashMap<>(given);
        if (!live) {
            taken.keySet().removeAll(OF_DELETIONS);
        }
        return taken;
    }

    /** Leaves out of all properties those of a migration, and gives both servers of a comparison the same pace. */
    public static Map<String, String> ofComparison(Map<String, String> given) {
        Map<String, String> taken = new LinkedHashMap<>(given);
        taken.keySet().removeAll(OF_MIGRATIONS);
        for (String option : OF_READING) {
            taken.computeIfAbsent(TARGET + option, absent -> given.get(SOURCE + option));
        }
        return taken;
    }

    /**
     * Hands them to an application. Free text goes by reference: Camel replaces placeholders in an option's text
     * several times, also those that were typed, and shows it when that fails. A bean that is no String it takes as it
     * is.
     */
    public static void hand(Map<String, String> taken, Main main) {
        Properties properties = new Properties();
        taken.forEach((name, value) -> {
            if (FREE_TEXTS.matcher(name).matches()) {
                main.bind(name, new StringBuilder(value));
                properties.put(name, "#bean:" + name);
            } else {
                properties.put(name, value);
            }
        });
        // its consumer sleeps so long before it begins, and before it sees that it is to end, instead of a second
        properties.put("camel.component.seda.defaultPollTimeout", "20");
        main.setOverrideProperties(properties);
    }
}
