package io.camelrump;

import io.camelrump.keys.KeyMapping;
import io.camelrump.options.FileOptions;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.Credential;
import io.camelrump.redis.Sentinels;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Tls;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The server of an endpoint, once its options are checked: where it is, how to log in, and where its keys go. */
final class EndpointServer {
    private final RumpEndpoint endpoint;
    private final Map<String, Credential> namedLogIn;
    private final @Nullable Tls tls;
    private final @Nullable Sentinels sentinels;
    private final KeyMapping keyMapping;

    private EndpointServer(
            RumpEndpoint endpoint,
            Map<String, Credential> namedLogIn,
            @Nullable Tls tls,
            @Nullable Sentinels sentinels) {
        this.endpoint = endpoint;
        this.namedLogIn = namedLogIn;
        this.tls = tls;
        this.sentinels = sentinels;
        this.keyMapping = KeyMapping.of(
                endpoint.getServerOptions(),
                endpoint.getSelectionOptions(),
                endpoint.getMappingOptions(),
                endpoint.getSourceOptions());
    }

    /** As far as it is known before its options are checked. */
    static EndpointServer unchecked(RumpEndpoint endpoint) {
        return new EndpointServer(endpoint, Map.of(), null, null);
    }

    /**
     * Checks all options of an endpoint, and reads the files that they name.
     *
     * @param namedLogIn users and passwords of properties, by option: connections look them up
     * @throws UsageException if one is wrong
     */
    static EndpointServer checked(RumpEndpoint endpoint, Map<String, Credential> namedLogIn) throws Exception {
        ServerOptions options = endpoint.getServerOptions();
        FileOptions file = endpoint.getFileOptions();
        file.check(
                options,
                endpoint.getTlsOptions().isTls(),
                endpoint.getSentinelOptions().getSentinels() != null);
        boolean isFile = file.address() != null;
        Sentinels sentinels =
                isFile ? null : endpoint.getSentinelOptions().load(endpoint.getName(), options.getHost(), namedLogIn);
        Tls tls = endpoint.getTlsOptions()
                .load(
                        endpoint.getName(), options, endpoint.getCamelContext(), ((RumpComponent)
                                endpoint.getComponent())::retrieveGlobalSslContextParameters);
        options.check();
        SelectionOptions selection = endpoint.getSelectionOptions();
        SourceOptions source = endpoint.getSourceOptions();
        selection.check();
        source.check(selection);
        endpoint.getBigKeyOptions().check();
        endpoint.getQueueOptions().check();
        endpoint.getThrottleOptions().check();
        endpoint.getCheckpointOptions().check(source, selection);
        endpoint.getTargetOptions().check();
        endpoint.getCompareOptions().check();
        endpoint.getCutoverOptions().check(source);
        return new EndpointServer(endpoint, namedLogIn, tls, sentinels);
    }

    ServerAddress address() {
        return endpoint.getServerOptions().address(tls, sentinels, namedLogIn);
    }

    KeyMapping keyMapping() {
        return keyMapping;
    }

    /** Options that a host may show beside the address. */
    Map<String, String> metadata() {
        ServerOptions options = endpoint.getServerOptions();
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("name", endpoint.getName());
        metadata.put("migration", endpoint.getMigration());
        metadata.put("database", String.valueOf(options.getDatabase()));
        metadata.put("tls", String.valueOf(tls != null));
        if (options.getUsername() != null) {
            metadata.put("username", options.getUsername());
        }
        return metadata;
    }
}
