package io.camelrump;

import io.camelrump.redis.Tls;
import io.camelrump.redis.TlsFiles;
import java.nio.file.Path;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an endpoint's options say of TLS, read once at its start. */
final class TlsOptions {
    private static final Logger LOG = LoggerFactory.getLogger(TlsOptions.class);

    private TlsOptions() {}

    /** Null where connections are not to be encrypted. */
    static @Nullable Tls load(RumpEndpoint endpoint) throws Exception {
        TlsFiles files = new TlsFiles(
                path(endpoint.getCa()),
                path(endpoint.getCert()),
                path(endpoint.getKey()),
                endpoint.getKeyPassword(),
                endpoint.getSni(),
                endpoint.isInsecure());
        SSLContextParameters parameters = endpoint.getSslContextParameters();
        if (!endpoint.isTls()) {
            if (parameters != null || !files.isEmpty()) {
                throw OptionText.wrong("tls", false, "true where options of TLS are given");
            }
            return null;
        }
        if (String.valueOf(endpoint.getHost()).startsWith("/")) {
            throw OptionText.wrong("tls", true, "false with a Unix socket");
        }
        if (endpoint.isInsecure()) {
            LOG.warn(
                    "{} at {}:{} may be anybody: with insecure, neither its certificate nor its name is checked",
                    endpoint.getName(),
                    endpoint.getHost(),
                    endpoint.getPort());
        }
        if (parameters == null && files.equals(withNameAlone(files))) {
            parameters = ((RumpComponent) endpoint.getComponent()).retrieveGlobalSslContextParameters();
        }
        if (parameters == null) {
            return files.load();
        }
        if (!files.equals(withNameAlone(files))) {
            throw OptionText.wrong(
                    "sslContextParameters", "#bean", "given without ca, cert, key, keyPassword and insecure");
        }
        return new Tls(
                parameters.createSSLContext(endpoint.getCamelContext()).getSocketFactory(), endpoint.getSni(), false);
    }

    private static TlsFiles withNameAlone(TlsFiles files) {
        return new TlsFiles(null, null, null, null, files.sni(), false);
    }

    private static @Nullable Path path(@Nullable String file) {
        return file == null ? null : Path.of(file);
    }
}
