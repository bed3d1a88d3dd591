package io.camelrump.options;

import io.camelrump.UsageException;
import io.camelrump.redis.Tls;
import io.camelrump.redis.TlsFiles;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether connections are encrypted, whom they trust, and what they present to the server. */
@UriParams
public class TlsOptions {
    private static final Logger LOG = LoggerFactory.getLogger(TlsOptions.class);

    @UriParam(
            label = "tls",
            defaultValue = "false",
            description =
                    "Encrypts connections with TLS, and verifies the certificate and the host name of the server. "
                            + "The other TLS options change what is trusted and presented.")
    private boolean tls;

    @UriParam(
            label = "tls",
            description = "PEM file with the certificate authorities to trust. Those that Java trusts if not set.")
    private @Nullable String ca;

    @UriParam(
            label = "tls",
            description = "Client certificate to present, with its chain: a PEM file, or a PKCS 12 file that holds the "
                    + "key too.")
    private @Nullable String cert;

    @UriParam(label = "tls", description = "PEM file with the private key of cert. Not needed if cert holds it.")
    private @Nullable String key;

    @UriParam(label = "tls", secret = true, description = "Password that the private key is encrypted with.")
    private @Nullable String keyPassword;

    @UriParam(
            label = "tls",
            description =
                    "Server name to request (SNI), which the certificate may carry instead of the host. The host if not set.")
    private @Nullable String sni;

    @UriParam(
            label = "tls",
            defaultValue = "false",
            description = "Accepts any certificate for any name: anybody between here and the server can read and "
                    + "change everything, the password included.")
    private boolean insecure;

    @UriParam(
            label = "tls",
            description = "TLS configuration as a bean of Camel, instead of ca, cert, key, keyPassword and insecure. "
                    + "The host name, or sni, is still verified.")
    private @Nullable SSLContextParameters sslContextParameters;

    /**
     * Reads the files and checks them; null where connections are not encrypted.
     *
     * @param name of the server, for messages
     * @param global the TLS configuration of the Camel context, used where nothing else is given; null if there is none
     * @throws UsageException if options do not fit each other, or a file cannot be used
     */
    public @Nullable Tls load(
            String name, ServerOptions server, CamelContext context, Supplier<@Nullable SSLContextParameters> global)
            throws Exception {
        TlsFiles files = new TlsFiles(path(ca), path(cert), path(key), keyPassword, sni, insecure);
        SSLContextParameters parameters = sslContextParameters;
        if (!tls) {
            if (parameters != null || !files.isEmpty()) {
                throw OptionText.wrong("tls", false, "true where options of TLS are given");
            }
            return null;
        }
        if (String.valueOf(server.getHost()).startsWith("/")) {
            throw OptionText.wrong("tls", true, "false with a Unix socket");
        }
        if (insecure) {
            LOG.warn(
                    "{} at {}:{} may be anybody: with insecure, neither its certificate nor its name is checked",
                    name,
                    server.getHost(),
                    server.getPort());
        }
        boolean givesNameAlone = files.equals(new TlsFiles(null, null, null, null, sni, false));
        if (parameters == null && givesNameAlone) {
            parameters = global.get();
        }
        if (parameters == null) {
            return files.load();
        }
        if (!givesNameAlone) {
            throw OptionText.wrong(
                    "sslContextParameters", "#bean", "given without ca, cert, key, keyPassword and insecure");
        }
        return new Tls(parameters.createSSLContext(context).getSocketFactory(), sni, false);
    }

    private static @Nullable Path path(@Nullable String file) {
        return file == null ? null : Path.of(file);
    }

    public boolean isTls() {
        return tls;
    }

    public void setTls(boolean tls) {
        this.tls = tls;
    }

    public @Nullable String getCa() {
        return ca;
    }

    public void setCa(@Nullable String ca) {
        this.ca = ca;
    }

    public @Nullable String getCert() {
        return cert;
    }

    public void setCert(@Nullable String cert) {
        this.cert = cert;
    }

    public @Nullable String getKey() {
        return key;
    }

    public void setKey(@Nullable String key) {
        this.key = key;
    }

    public @Nullable String getKeyPassword() {
        return keyPassword;
    }

    public void setKeyPassword(@Nullable String keyPassword) {
        this.keyPassword = keyPassword;
    }

    public @Nullable String getSni() {
        return sni;
    }

    public void setSni(@Nullable String sni) {
        this.sni = sni;
    }

    public boolean isInsecure() {
        return insecure;
    }

    public void setInsecure(boolean insecure) {
        this.insecure = insecure;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }
}
