package io.camelrump.redis;

import io.camelrump.UsageException;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** How connections to a server are secured: whom to trust, what to show, and which name the server must have. */
public final class Tls {
    private final SSLSocketFactory sockets;
    private final @Nullable String sni;
    private final boolean insecure;

    /**
     * @param sni the name that the server is asked for, which its certificate may carry instead of the host; null is
     *     the host
     * @param insecure leaves the name unchecked
     */
    public Tls(SSLSocketFactory sockets, @Nullable String sni, boolean insecure) {
        if (sni != null) {
            try {
                new SNIHostName(sni);
            } catch (IllegalArgumentException e) {
                throw new UsageException("sni=" + sni + ": it must be a host name", e);
            }
        }
        this.sockets = sockets;
        this.sni = sni;
        this.insecure = insecure;
    }

    /** Whether any certificate will do. */
    public boolean isInsecure() {
        return insecure;
    }

    /** For a client other than ours. */
    public SSLSocketFactory sockets() {
        return sockets;
    }

    /** For a client other than ours: what each socket is to check, and to ask for. */
    public SSLParameters parameters() {
        return set(new SSLParameters());
    }

    private SSLParameters set(SSLParameters parameters) {
        if (!insecure) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (sni != null) {
            parameters.setServerNames(List.of(new SNIHostName(sni)));
        }
        return parameters;
    }

    /** Makes a connection a secure one: the other side has shown its certificate when this returns. */
    Socket secure(Socket plain, String host, int port) throws IOException {
        SSLSocket secured = (SSLSocket) sockets.createSocket(plain, host, port, true);
        secured.setSSLParameters(set(secured.getSSLParameters()));
        secured.startHandshake();
        return secured;
    }
}
