package io.camelrump.cli;

import io.camelrump.OptionLines;
import io.camelrump.redis.PasswordFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Properties for the routes: one for each flag that was given, under the name that the routes know it by. */
final class RouteProperties {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Sets it, unless it is null: then the endpoint's own default holds. */
    void set(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value.toString());
        }
    }

    /** Sets several values of one option. */
    void set(String name, @Nullable List<String> several) {
        if (several != null) {
            values.put(name, OptionLines.join(name, several));
        }
    }

    /**
     * Where a server is, and how to log in there.
     *
     * @param side {@code source} or {@code target}
     */
    void server(String side, RedisUri uri) {
        if (uri.sentinels() == null) {
            set(side + ".host", uri.host());
            set(side + ".port", uri.port());
        } else {
            set(side + ".sentinels", uri.sentinels().places());
            set(side + ".master-name", uri.sentinels().masterName());
            set(side + ".sentinel-username", uri.sentinels().username());
            set(side + ".sentinel-password", uri.sentinels().password());
            set(side + ".sentinel-password-file", path(uri.sentinels().passwordFile()));
        }
        set(side + ".database", uri.database());
        set(side + ".username", uri.username());
        set(side + ".password", uri.password() == null ? null : uri.password().text());
        set(
                side + ".password-file",
                uri.password() == null ? null : path(uri.password().file()));
        if (uri.tls() != null) {
            set(side + ".tls", true);
            set(side + ".ca", uri.tls().ca());
            set(side + ".cert", uri.tls().cert());
            set(side + ".key", uri.tls().key());
            set(side + ".key-password", uri.tls().keyPassword());
            set(side + ".sni", uri.tls().sni());
            set(side + ".insecure", uri.tls().insecure() ? true : null);
        }
    }

    private static @Nullable Path path(@Nullable PasswordFile file) {
        return file == null ? null : file.path();
    }

    Map<String, String> asMap() {
        return values;
    }
}
